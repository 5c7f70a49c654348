// A gradient stopped inside a model: the second layer learns, the first does not.
import Adjoint

final class Stopped: Module {
    let first = Linear(3, 4), second = Linear(4, 1)

    func callAsFunction(_ x: Tensor) -> Tensor {
        let features = relu(first(x)).detach()
        return second(features)
    }
}

manualSeed(0)
let model = Stopped()
model(Tensor.randn(5, 3)).sum().backward()
print(model.first.weight.grad == nil)  // prints: true
print(model.second.weight.grad!.shape)  // prints: [1, 4]
print(model.second.bias!.grad!)  // prints: tensor([5.])
