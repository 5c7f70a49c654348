// 1. A recorded gradient is a tensor like any other: differentiate it again.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = x ** 3
let first = grad(of: y, wrt: x, createGraph: true)
let second = grad(of: first, wrt: x, createGraph: true)
let third = grad(of: second, wrt: x)
print(first.detach(), second.detach(), third)  // prints: tensor([12.]) tensor([12.]) tensor([6.])

// 2. Without createGraph the first gradient is a bare number.
let bare = grad(of: x ** 3, wrt: x)
print(bare.requiresGrad)  // prints: false
do {
    try catchingTensorErrors { _ = grad(of: bare, wrt: x) }
} catch let error as TensorError {
    print(error.kind)  // prints: autograd
}

// 3. All second derivatives at once, and a product that never builds the table.
func f(_ p: Tensor) -> Tensor { p[0] ** 2 * p[1] }

let point = Tensor([2.0, 3.0])
print(hessian(f, point))
// prints: tensor([[6., 4.],
// prints:         [4., 0.]])
print(hvp(f, point, Tensor([1.0, 0.0])).product)  // prints: tensor([6., 4.])

// 4. A law of nature as a loss: u'' = -u holds for the sine, so nothing is left over.
let t = Tensor([0.5], dtype: .float64, requiresGrad: true)
let u = t.sin()
let velocity = grad(of: u, wrt: t, createGraph: true)
let acceleration = grad(of: velocity, wrt: t)
print(((acceleration + u) ** 2).item() as Double)  // prints: 0.0
