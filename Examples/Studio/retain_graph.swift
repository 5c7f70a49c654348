// two passes over one graph
// The first pass keeps what the graph saved, so that a second one can follow; gradients add up.
// group Control
import Adjoint

let x = Tensor(2.0, requiresGrad: true)  // parameter x -1000...1000
let y = x ** 2
y.backward(retainGraph: true)
y.backward()
