// The first program of the README.
import Adjoint

let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
let y = (x ** 2).sum()
y.backward()
print(x.grad!)  // prints: tensor([2., 4., 6.])
