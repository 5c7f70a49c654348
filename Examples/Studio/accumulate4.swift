// four small batches for a large one
// Each loss is divided by 4; the gradients of four backward passes add up to the large batch's.
// group Control
import Adjoint

let w = Tensor(0.5, requiresGrad: true)
let optimizer = SGD([w], learningRate: 0.1)
let inputs = [1.0, 2.0, 3.0, 4.0]
let targets = [3.0, 5.0, 7.0, 9.0]
optimizer.zeroGrad()
for i in 0..<4 {
    let prediction = w * inputs[i]
    let loss = (prediction - targets[i]) ** 2 / 4
    loss.backward()
}
optimizer.step()
