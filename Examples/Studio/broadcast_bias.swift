// a bias that is broadcast
// The bias has 3 elements and is added to 4 rows: its gradient is the sum over the rows.
// group First steps
import Adjoint

let x = Tensor([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0], [2.0, 2.0, 0.0], [1.0, 1.0, 1.0]])
let bias = Tensor([0.5, -1.0, 0.0], requiresGrad: true)
let y = x + bias
let loss = (y ** 2).mean()
loss.backward()
