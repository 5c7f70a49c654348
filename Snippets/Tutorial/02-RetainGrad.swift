// A computed tensor keeps its gradient when asked to before the backward pass.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = x ** 2
y.retainGrad()
let z = y + 1
z.backward()

print(x.grad!)  // prints: tensor([4.])
print(y.grad!)  // prints: tensor([1.])
print(y.retainsGrad, z.retainsGrad)  // prints: true false
