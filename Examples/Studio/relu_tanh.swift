// a graph that depends on a condition
// An ordinary if decides which operation is recorded.
// group First steps
import Adjoint

let useRelu = 1  // parameter useRelu 0...1
let x = Tensor([-1.5, 0.5, 2.0], requiresGrad: true)
let y = 2 * x - 1
let h: Tensor
if useRelu == 1 {
    h = relu(y)
} else {
    h = tanh(y)
}
let loss = h.sum()
loss.backward()
