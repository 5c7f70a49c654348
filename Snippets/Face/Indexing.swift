// Subscripts: views where the memory can be shared, copies where positions are picked.
import Adjoint

let a = Tensor([[1.0, 2.0], [3.0, 4.0]])
print(a[0], a[0, 1], a[-1])  // prints: tensor([1., 2.]) tensor(2.) tensor([3., 4.])
print(a[..., 1], a[1..., 0..<1])  // prints: tensor([2., 4.]) tensor([[3.]])
print(a[.all, .newAxis].shape)  // prints: [2, 1, 2]
print(a[a .> 2], a[Tensor([1, 0])].shape)  // prints: tensor([3., 4.]) [2, 2]
print(a[Tensor([0, 1]), Tensor([1, 0])])  // prints: tensor([2., 3.])

// A view shares memory, so a write through it shows.
let row = a[0]
print(row.isView, a[a .> 2].isView)  // prints: true false
a[0] = Tensor([9.0, 9.0])
print(row, a.version)  // prints: tensor([9., 9.]) 1
a[..., 0] = Tensor(5.0)
print(a.array(as: Float.self))  // prints: [5.0, 9.0, 5.0, 4.0]

// Negative bounds and steps.
let m = Tensor.arange(0, 24, 1).reshape(4, 6)
print(m[.slice(1, -1), .slice(nil, nil, step: 2)])
// prints: tensor([[ 6,  8, 10],
// prints:         [12, 14, 16]])
print(Tensor.arange(0, 16, 1).reshape(8, 2)[stride(from: 0, to: 8, by: 4), .all])
// prints: tensor([[0, 1],
// prints:         [8, 9]])
print(m.narrow(dim: 0, start: 1, length: 2).shape, m.indexSelect(dim: 1, index: Tensor([0, 5])))
// prints: [2, 6] tensor([[ 0,  5],
// prints:         [ 6, 11],
// prints:         [12, 17],
// prints:         [18, 23]])
