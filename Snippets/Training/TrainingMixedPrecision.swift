// Half the memory for what products give, and float32 where it counts.
import Adjoint

manualSeed(0)
let x = Tensor.randn(32, 8)
let y = Tensor.randint(0, 3, [32])

// Parameters stay in float32; products inside of the scope are computed in bfloat16.
let model = Sequential(Linear(8, 16), ReLU(), Linear(16, 3))
let optimizer = Adam(model.parameters(), learningRate: 1e-2)
optimizer.zeroGrad()
let loss = autocast(.bfloat16) {
    let logits = model(x)
    print(logits.dtype)  // prints: bfloat16
    return crossEntropy(logits, y)
}
loss.backward()
optimizer.step()
print(loss.dtype, model.parameters()[0].grad!.dtype)  // prints: float32 float32

// A trainer does that in every step.
let trainer = Trainer(
    model, optimizer, mixedPrecision: .bfloat16, loss: { crossEntropy($0, $1) })
try trainer.fit(DataLoader(TensorDataset(x, y), batchSize: 8))

// The other way: a network that is bfloat16 itself, and an optimiser that keeps float32 beside it.
let small = Sequential(Linear(8, 16), ReLU(), Linear(16, 3)).to(.bfloat16)
let masters = MasterWeights(small.parameters()) { Adam($0, learningRate: 1e-4) }
crossEntropy(small(x.to(.bfloat16)), y).backward()
masters.step()
print(small.parameters()[0].dtype, masters.masters[0].dtype)  // prints: bfloat16 float32
