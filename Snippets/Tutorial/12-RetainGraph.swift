// A backward pass frees what the graph saved, unless it is told to keep it.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = x ** 2

y.backward(retainGraph: true)
print(x.grad!)  // prints: tensor([4.])

x.grad!.zero_()
y.backward()
print(x.grad!)  // prints: tensor([4.])

do {
    try catchingTensorErrors { y.backward() }
} catch let error as TensorError {
    print(error.kind)  // prints: graphFreed
    print(error.message.contains("Trying to backward through the graph a second time"))
    // prints: true
}
print(x.grad!)  // prints: tensor([4.])
