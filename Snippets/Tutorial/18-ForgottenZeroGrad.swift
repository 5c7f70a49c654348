// A loop that forgets zeroGrad steps along the sum of all gradients so far. Its mend is a line.
import Adjoint

func train(zeroing: Bool) -> [Float] {
    let weight = Tensor([1.0], requiresGrad: true)
    let optimizer = SGD([weight], learningRate: 0.125)
    var weights: [Float] = []
    for _ in 0..<3 {
        if zeroing { optimizer.zeroGrad() }
        let loss = (weight * 2).sum()  // its gradient is 2 at every weight
        loss.backward()
        optimizer.step()
        weights.append(weight.item())
    }
    return weights
}

print(train(zeroing: false))  // prints: [0.75, 0.25, -0.5]
print(train(zeroing: true))  // prints: [0.75, 0.5, 0.25]

// Zeroing sets gradients to nil; they can be kept as zeros instead.
let weight = Tensor([1.0], requiresGrad: true)
let optimizer = SGD([weight], learningRate: 0.125)
(weight * 2).backward()
optimizer.zeroGrad(setToNil: false)
print(weight.grad!)  // prints: tensor([0.])
optimizer.zeroGrad()
print(weight.grad == nil)  // prints: true
