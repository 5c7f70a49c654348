// 1. A watched number, and a formula in it.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = x ** 2 + 3 * x
print(y)  // prints: tensor([10.], gradFn: <AddBackward>)

// 2. One call gives the slope, 2x + 3.
y.backward()
print(x.grad!)  // prints: tensor([7.])

// 3. The same by nudging x: close from one side, and two evaluations for one number.
func f(_ x: Double) -> Double { x * x + 3 * x }
let nudge = 0.125
print((f(2 + nudge) - f(2)) / nudge)  // prints: 7.125

// 4. A million slopes in one pass.
let weights = Tensor.ones(1_000_000, requiresGrad: true)
(weights ** 2).sum().backward()
print(weights.grad!.numel)  // prints: 1000000
print(weights.grad!.min(), weights.grad!.max())  // prints: tensor(2.) tensor(2.)
