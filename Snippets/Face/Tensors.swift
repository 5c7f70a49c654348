// Tensors: making them, asking what they are, and reading them back.
import Adjoint

// A literal of floats is float32, of ints int64, of bools bool.
let a = Tensor([[1.0, 2.0], [3.0, 4.0]])
let b = Tensor([1, 2, 3], dtype: .float64, device: .cpu, requiresGrad: false)
print(a.shape, a.dtype, Tensor([1, 2]).dtype, Tensor([true, false]).dtype)
// prints: [2, 2] float32 int64 bool
print(b)  // prints: tensor([1., 2., 3.], dtype: float64)

// An array variable keeps its element type.
let numbers: [Double] = [1, 2]
print(Tensor(numbers).dtype, Tensor([UInt8](0..<3)).dtype)  // prints: float64 uint8
let c = Tensor([Float](repeating: 0, count: 6), shape: [2, 3])
let scalar = Tensor(3.5)
print(c.shape, scalar.shape, scalar)  // prints: [2, 3] [] tensor(3.5000)

print(Tensor.zeros(2, 3).shape, Tensor.ones([2, 3], dtype: .int64).dtype)  // prints: [2, 3] int64
print(Tensor.full([2], 7.0), Tensor.eye(2))
// prints: tensor([7., 7.]) tensor([[1., 0.],
// prints:         [0., 1.]])
print(Tensor.arange(0, 10, 2), Tensor.linspace(0, 1, 5))
// prints: tensor([0, 2, 4, 6, 8]) tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])

// Random numbers follow the generator of the task; the same seed gives the same numbers.
manualSeed(7)
let first = Tensor.randn(2, 3, requiresGrad: true)
let dice = Tensor.randint(0, 10, [4])
manualSeed(7)
let again = Tensor.randn(2, 3)
print(first.array(as: Float.self) == again.array(as: Float.self), dice.dtype)  // prints: true int64
print(Tensor.rand(2, 3).max().item() < 1.0)  // prints: true

// What a tensor is.
print(a.device, a.ndim, a.numel, a.strides, a.isContiguous)  // prints: cpu 2 4 [2, 1] true
print(a.t().strides, a.t().isContiguous)  // prints: [1, 2] false

// Reading: a number, a flat copy, rows, the memory itself.
print(a[1, 0].item() as Double, a[1, 0].item(as: Float.self))  // prints: 3.0 3.0
print(a.array(as: Float.self), a.nestedArray2D() as [[Float]])
// prints: [1.0, 2.0, 3.0, 4.0] [[1.0, 2.0], [3.0, 4.0]]
print(a.withUnsafeBuffer(of: Float.self) { $0[3] })  // prints: 4.0
