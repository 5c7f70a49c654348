// An in-place write over what the graph needs is an error that says so, and no wrong gradient.
import Adjoint

// exp keeps its result, since the derivative of eˣ is eˣ; the write destroys it.
let x = Tensor([0.0, 1.0], requiresGrad: true)
do {
    try catchingTensorErrors {
        let y = x.exp()
        y.add_(1)
        y.sum().backward()
    }
} catch let error as TensorError {
    print(error.kind, error.message.contains("modified by an inplace operation"))
    // prints: inPlace true
}
print(x.grad == nil)  // prints: true

// A leaf that wants a gradient cannot be written to at all while recording.
do {
    try catchingTensorErrors { _ = x.add_(1) }
} catch let error as TensorError {
    print(error.kind, error.message.contains("leaf"))  // prints: inPlace true
}
print(x.detach())  // prints: tensor([0., 1.])

// The mend: an operation that makes a new tensor.
let y = x.exp() + 1
y.sum().backward()
print(x.grad!)  // prints: tensor([1.0000, 2.7183])

// An update of a leaf, as an optimiser makes it, is not part of the computation.
noGrad { _ = x.sub_(0.5 * x.grad!) }
print(x.detach())  // prints: tensor([-0.5000, -0.3591])
