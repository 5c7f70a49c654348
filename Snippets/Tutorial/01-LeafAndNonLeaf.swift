// A leaf is a tensor that you made; what is computed from it is not a leaf. Gradients are kept at
// the leaves.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = x ** 2
let z = y + 1
z.backward()

print(x.grad!)  // prints: tensor([4.])
print(y.grad == nil)  // prints: true
print(x.isLeaf, y.isLeaf)  // prints: true false
print(x.gradFn == nil, y.gradFn!.name)  // prints: true PowBackward
print(x)  // prints: tensor([2.], requiresGrad: true)
print(y)  // prints: tensor([4.], gradFn: <PowBackward>)
