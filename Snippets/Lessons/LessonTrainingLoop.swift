// 1. Data that follow y = 2x + 1, and a model that does not know it.
import Adjoint

let inputs = Tensor([[-1.0], [0.0], [1.0], [2.0]])
let targets = 2 * inputs + 1

manualSeed(0)
let model = Linear(1, 1)
let optimizer = SGD(model.parameters(), learningRate: 0.1)

// 2. The five lines of every training loop.
var losses: [Double] = []
for _ in 0..<200 {
    optimizer.zeroGrad()
    let loss = mseLoss(model(inputs), targets)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
}
print(losses[199] < 1e-6)  // prints: true
print(model.weight.detach(), model.bias!.detach())  // prints: tensor([[2.0000]]) tensor([1.0000])

// 3. Using the model: nothing to record.
model.eval()
let answer = noGrad { model(Tensor([[10.0]])) }
print(answer, answer.requiresGrad)  // prints: tensor([[21.0000]]) false

// 4. To sum up losses, take the numbers. A sum of tensors would hold every graph.
var total = 0.0
for row in 0..<4 { total += mseLoss(model(inputs[row]), targets[row]).item() }
print(total < 1e-6)  // prints: true
