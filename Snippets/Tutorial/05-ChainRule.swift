// z = (x + y)²: dz/dx = dz/ds · ds/dx = 2s · 1, and the same for y.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = Tensor([3.0], requiresGrad: true)
let s = x + y
let z = s ** 2
z.backward()

print(z.detach())  // prints: tensor([25.])
print(x.grad!)  // prints: tensor([10.])
print(y.grad!)  // prints: tensor([10.])

// The chain rule by hand, from the value of s.
let byHand = 2 * s.detach()
print((byHand .== x.grad!).item() as Bool)  // prints: true
