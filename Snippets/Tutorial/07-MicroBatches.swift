// Accumulation put to use: four micro-batches, each loss divided by four, take the same step as
// one batch of all the rows.
import Adjoint

func model() -> Linear {
    let layer = Linear(1, 1, bias: false)
    noGrad { _ = layer.weight.fill_(1) }
    return layer
}

let inputs = Tensor([[1.0], [2.0], [3.0], [4.0]])
let targets = Tensor.zeros(4, 1)

let whole = model()
let wholeOptimizer = SGD(whole.parameters(), learningRate: 0.1)
mseLoss(whole(inputs), targets).backward()
print(whole.weight.grad!)  // prints: tensor([[15.]])
wholeOptimizer.step()

let parts = model()
let optimizer = SGD(parts.parameters(), learningRate: 0.1)
let accumulationSteps = 4
optimizer.zeroGrad()
for (i, (x, y)) in DataLoader(TensorDataset(inputs, targets), batchSize: 1, shuffle: false)
    .enumerated()
{
    let loss = mseLoss(parts(x), y) / accumulationSteps
    loss.backward()
    if (i + 1) % accumulationSteps == 0 {
        print(parts.weight.grad!)  // prints: tensor([[15.]])
        optimizer.step()
        optimizer.zeroGrad()
    }
}
print(whole.weight.detach(), parts.weight.detach())
// prints: tensor([[-0.5000]]) tensor([[-0.5000]])
