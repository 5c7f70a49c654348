// a write that breaks the way back
// exp keeps its result for the derivative; add_ changes it before backward reads it.
// group When it breaks
import Adjoint

let x = Tensor([0.5, 1.0], requiresGrad: true)
let h = x.exp()
let y = h * 2
h.add_(1)
let loss = y.sum()
loss.backward()
