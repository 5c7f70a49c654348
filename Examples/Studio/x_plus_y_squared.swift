// (x + y)²
// The chain rule: the slope of the square, times the slope of the sum.
// group First steps
import Adjoint

let x = Tensor(2.0, requiresGrad: true)  // parameter x -1000...1000
let y = Tensor(3.0, requiresGrad: true)  // parameter y -1000...1000
let s = x + y
let z = s ** 2
z.backward()
