// A training loop with two bugs, mended. It never zeroed its gradients, so that each step went
// along the sum of all before; and it minimised the sum of the outputs, which has no minimum.
import Adjoint

manualSeed(0)
let model = Linear(10, 1)
let optimizer = SGD(model.parameters(), learningRate: 0.1)
var losses: [Float] = []

for _ in 0..<100 {
    let x = Tensor.randn(32, 10)
    let target = x.sum(dim: 1, keepDim: true)
    optimizer.zeroGrad()
    let loss = mseLoss(model(x), target)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
}

print(losses[0] > 1, losses[99] < 1e-4)  // prints: true true
print(model.weight.detach().round())
// prints: tensor([[1., 1., 1., 1., 1., 1., 1., 1., 1., 1.]])
