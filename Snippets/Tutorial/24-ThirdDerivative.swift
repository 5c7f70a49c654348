// x⁴ at 1: 4x³ = 4, 12x² = 12, 24x = 24. Each derivative is recorded for the next.
import Adjoint

let x = Tensor([1.0], requiresGrad: true)
var derivative = x ** 4
for _ in 1...3 {
    derivative = grad(of: derivative, wrt: x, createGraph: true)
    print(derivative.item() as Double)
}
// prints: 4.0
// prints: 12.0
// prints: 24.0
