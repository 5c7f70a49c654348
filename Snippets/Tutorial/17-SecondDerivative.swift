// A gradient that was recorded can be differentiated: (x³)' = 3x², (x³)'' = 6x.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = x ** 3

let first = grad(of: y, wrt: x, createGraph: true)
print(first.detach(), first.requiresGrad)  // prints: tensor([12.]) true

let second = grad(of: first, wrt: x)
print(second)  // prints: tensor([12.])
print(x.grad == nil)  // prints: true
