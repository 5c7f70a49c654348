// The same numbers, faster.
import Adjoint

manualSeed(0)
let model = Sequential(Linear(8, 16), Tanh(), Linear(16, 1))
let data = Tensor.randn(64, 8)

// 1. One call for all rows, and not one for each.
let together = model(data)
let apart = Tensor.cat((0..<64).map { model(data[$0..<$0 + 1]) }, dim: 0)
print((together - apart).abs().max().item(as: Double.self) < 1e-6)  // prints: true

// 2. Per-sample gradients without a loop: a function of one sample, mapped.
let weights = Tensor.randn(8)
let loss = { (x: Tensor) in tanh((x * weights).sum()) }
let mapped = vmap(grad(loss))(data)
let looped = Tensor.stack((0..<64).map { grad(loss)(data[$0]) })
print(mapped.shape, (mapped - looped).abs().max().item(as: Double.self) < 1e-6)
// prints: [64, 8] true

// 3. Numbers are read when they are wanted, and not in every step.
var losses: [Tensor] = []
for _ in 0..<100 {
    losses.append(noGrad { model(data).square().mean() })
}
print(Tensor.stack(losses).mean().item(as: Double.self) > 0)  // prints: true

// 4. Inference records nothing and counts no writes.
let strict = inferenceMode { model(data) }
print(strict.array(as: Float.self) == together.array(as: Float.self))  // prints: true

// 5. Results in memory that is there.
let buffer = Tensor.zeros(64, 8)
buffer.assign { data.exp() }
print(buffer.array(as: Float.self) == data.exp().array(as: Float.self))  // prints: true
