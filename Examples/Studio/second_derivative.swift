// the second derivative of x³
// The first gradient is recorded like any other computation, and differentiated again.
// group First steps
import Adjoint

let x = Tensor(2.0, requiresGrad: true)  // parameter x -1000...1000
let y = x ** 3
let first = grad(of: y, wrt: x, createGraph: true)
let second = grad(of: first, wrt: x)
