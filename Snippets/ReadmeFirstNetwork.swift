// The second program of the README: a network of two layers learns exclusive or.
import Adjoint

final class Xor: Module {
    let hidden = Linear(2, 8), output = Linear(8, 1)

    func callAsFunction(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
}

manualSeed(0)
let inputs = Tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
let targets = Tensor([[0.0], [1.0], [1.0], [0.0]])
let model = Xor()
let optimizer = Adam(model.parameters(), learningRate: 0.05)

for _ in 0..<500 {
    optimizer.zeroGrad()
    let loss = mseLoss(model(inputs), targets)
    loss.backward()
    optimizer.step()
}

let answers = noGrad { model(inputs) }
print(answers.array(as: Float.self).map { $0 > 0.5 })
// prints: [false, true, true, false]
