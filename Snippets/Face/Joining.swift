// Tensors made of tensors, and seeds for a stretch of code.
import Adjoint

let a = Tensor([1.0, 2.0], requiresGrad: true)
let b = Tensor([3.0, 4.0], requiresGrad: true)

let rows = Tensor([a, b])
print(rows.shape, Tensor.stack([a, b], dim: 1).shape)  // prints: [2, 2] [2, 2]
let joined = Tensor.cat([a, b])
(joined * Tensor([1.0, 10.0, 100.0, 1000.0])).sum().backward()
print(a.grad!, b.grad!)  // prints: tensor([ 1., 10.]) tensor([ 100., 1000.])

print(Tensor.where(Tensor([true, false]), a.detach(), b.detach()))  // prints: tensor([1., 4.])
print(
    Tensor([[1.0, 2.0], [3.0, 4.0]]).unbind().count, Tensor.arange(0, 5, 1).split(2).map(\.shape))
// prints: 2 [[2], [2], [1]]

let one = withGenerator(seed: 3) { Tensor.randn(4) }
let two = withGenerator(seed: 3) { Tensor.randn(4) }
print(one.array(as: Float.self) == two.array(as: Float.self))  // prints: true
