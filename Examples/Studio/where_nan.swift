// a NaN from a value not taken
// log(0) is not kept, but its infinite slope meets the gradient 0, and 0 · ∞ is no number.
// group When it breaks
import Adjoint

let x = Tensor([0.0, 1.0, 4.0], requiresGrad: true)
let logarithm = x.log()
let y = logarithm.clamp(min: -10)
let loss = y.sum()
loss.backward()
