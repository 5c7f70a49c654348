// a leaf used twice
// c = a + b, d = c · a: the gradient of a is the sum of what both uses send back.
// group First steps
import Adjoint

let a = Tensor(2.0, requiresGrad: true)  // parameter a -1000...1000
let b = Tensor(3.0, requiresGrad: true)  // parameter b -1000...1000
let c = a + b
let d = c * a
d.backward()
