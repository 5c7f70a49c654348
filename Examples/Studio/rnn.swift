// a recurrent network, unrolled
// The same weights at every step: their gradient is a sum over the steps.
// group Networks
import Adjoint

manualSeed(1)
let steps = 8  // parameter steps 1...64
let inputs = Tensor.randn(steps, 1, 3)
let wx = Tensor.randn(3, 4, requiresGrad: true)
let wh = (Tensor.randn(4, 4) * 0.5).requiresGrad_()
let bias = Tensor.zeros(4, requiresGrad: true)
var h = Tensor.zeros(1, 4)
for t in 0..<steps {
    let a = inputs[t].matmul(wx)
    let b = h.matmul(wh)
    h = tanh(a + b + bias)
}
let loss = h.square().mean()
loss.backward()
