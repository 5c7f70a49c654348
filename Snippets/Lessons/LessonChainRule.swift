// 1. z = (x + y)²: the slope of the square times the slope of the sum.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = Tensor([3.0], requiresGrad: true)
let s = x + y
let z = s ** 2
z.backward()
print(s.detach(), z.detach())  // prints: tensor([5.]) tensor([25.])
print(x.grad!, y.grad!)  // prints: tensor([10.]) tensor([10.])

// 2. Two paths from a to d: their slopes are added.
let a = Tensor([2.0], requiresGrad: true)
let b = Tensor([3.0], requiresGrad: true)
let c = a + b
let d = c * a
d.backward()
print(a.grad!, b.grad!)  // prints: tensor([7.]) tensor([2.])

// 3. A bias that every row uses hears from every row.
let rows = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
let bias = Tensor([0.5, -0.5], requiresGrad: true)
(rows + bias).sum().backward()
print(bias.grad!)  // prints: tensor([3., 3.])

// 4. Several outputs: say how much each one counts.
let v = Tensor([1.0, 2.0], requiresGrad: true)
do {
    try catchingTensorErrors { (v ** 2).backward() }
} catch let error as TensorError {
    print(error.message.contains("only for scalar outputs"))  // prints: true
}
(v ** 2).backward(gradient: Tensor([1.0, 10.0]))
print(v.grad!)  // prints: tensor([ 2., 40.])
