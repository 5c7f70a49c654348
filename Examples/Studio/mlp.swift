// a network and its loss
// Two layers, the mean squared error, one step of the optimiser.
// group Networks
import Adjoint

final class Net: Module {
    let hidden = Linear(2, 4)
    let output = Linear(4, 1)

    func callAsFunction(_ x: Tensor) -> Tensor {
        let z = hidden(x)
        let h = tanh(z)
        return output(h)
    }
}

manualSeed(7)  // parameter seed 0...1000000
let model = Net()
let optimizer = SGD(model.parameters(), learningRate: 0.1)
let x = Tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
let target = Tensor([[0.0], [1.0], [1.0], [0.0]])
optimizer.zeroGrad()
let prediction = model(x)
let loss = mseLoss(prediction, target)
loss.backward()
optimizer.step()
