// What a network consists of, and what a call of it costs.
import Adjoint

final class Net: Module {
    let fc1 = Linear(784, 128), fc2 = Linear(128, 10)
    func callAsFunction(_ x: Tensor) -> Tensor { fc2(relu(fc1(x))) }
}

let summary = Net().summary(input: Tensor.zeros(32, 784)) { model, x in model(x) }
print(summary)
// prints: ?
print(summary.parameters, summary.macs, summary.savedBytes)  // prints: 101770 3252224 116736
