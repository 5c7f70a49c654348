// a tiny block of attention
// Queries meet keys, a softmax weighs the values, and the input is added again.
// group Networks
import Adjoint

manualSeed(3)
let x = Tensor.randn(3, 4, requiresGrad: true)
let wq = Tensor.randn(4, 4, requiresGrad: true)
let wk = Tensor.randn(4, 4, requiresGrad: true)
let wv = Tensor.randn(4, 4, requiresGrad: true)
let q = x.matmul(wq)
let k = x.matmul(wk)
let v = x.matmul(wv)
let scores = q.matmul(k.mT) * 0.5
let weights = scores.softmax(dim: -1)
let mixed = weights.matmul(v)
let y = x + mixed
let loss = y.square().mean()
loss.backward()
