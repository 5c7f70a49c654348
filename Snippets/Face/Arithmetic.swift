// Expressions, broadcasting, and writes in place.
import Adjoint

let a = Tensor([[1.0, 2.0], [3.0, 4.0]])
let b = Tensor([10.0, 20.0])

print(a + b)
// prints: tensor([[11., 22.],
// prints:         [13., 24.]])
print((a - 1).array(as: Int.self), (2 * a).array(as: Int.self))
// prints: [0, 1, 2, 3] [2, 4, 6, 8]
print((a / b)[1], (a ** 2)[1], (-a)[1])
// prints: tensor([0.3000, 0.2000]) tensor([ 9., 16.]) tensor([-3., -4.])
print((a .== 2)[0], (a .< b)[0])  // prints: tensor([false,  true]) tensor([true, true])

// Swift's minus binds tighter than any operator between two values.
let x = 3.0
print((-Tensor(x) ** 2).item() as Double)  // prints: 9.0

print(a.matmul(b), a.t()[0], a.mT[1])
// prints: tensor([ 50., 110.]) tensor([1., 3.]) tensor([2., 4.])
print(a.sum(dim: 0, keepDim: true), a.max(dim: 1).values)
// prints: tensor([[4., 6.]]) tensor([2., 4.])

// In place, with PyTorch's underscore or with +=, also through a `let`.
a.add_(1)
a.mul_(b)
print(a.array(as: Float.self))  // prints: [20.0, 60.0, 40.0, 100.0]
a.clamp_(min: -1, max: 50)
a += 1
a -= b
print(a.array(as: Float.self))  // prints: [11.0, 31.0, 31.0, 31.0]
a.copy_(b)
print(a[1])  // prints: tensor([10., 20.])
a.zero_()
print(a.version, a[0])  // prints: 7 tensor([0., 0.])

// dtypes promote; a number weighs less than a tensor.
print((Tensor([1, 2]) + 1.5).dtype, (Tensor([1, 2]) / 2).dtype, (Tensor([1, 2]) * 2).dtype)
// prints: float32 float32 int64
