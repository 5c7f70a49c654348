// the slope of √x at 0
// The root of 0 is 0 and its slope is infinite; times 0 that is no number.
// group When it breaks
import Adjoint

let x = Tensor([0.0, 0.25, 4.0], requiresGrad: true)
let weight = Tensor([0.0, 1.0, 1.0])
let root = x.sqrt()
let loss = (weight * root).sum()
loss.backward()
