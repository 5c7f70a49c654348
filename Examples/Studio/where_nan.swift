// a NaN from a branch not taken
// log(0) is not chosen, but its infinite slope meets the gradient 0, and 0 · ∞ is no number.
// group When it breaks
import Adjoint

let x = Tensor([0.0, 1.0, 4.0], requiresGrad: true)
let logarithm = x.log()
let y = Tensor.where(x .> 0, logarithm, Tensor.zerosLike(x))
let loss = y.sum()
loss.backward()
