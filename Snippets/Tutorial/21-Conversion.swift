// The memory of a tensor that requires a gradient is not handed out: writes through it would go
// past the graph. detach() says that this is meant.
import Adjoint

let x = Tensor([1.0, 2.0], requiresGrad: true)
let y = x ** 2
do {
    try catchingTensorErrors { _ = y.withUnsafeBuffer(of: Float.self) { $0[0] } }
} catch let error as TensorError {
    print(error.kind, error.message.contains("detach()"))  // prints: autograd true
}

print(y.detach().withUnsafeBuffer(of: Float.self) { $0[1] })  // prints: 4.0
// A copy harms nobody.
print(y.array(as: Float.self))  // prints: [1.0, 4.0]
print(y.sum().item() as Double)  // prints: 5.0
