// backward a second time
// The first pass gave back what the graph saved: the second finds nothing, and says so.
// group When it breaks
import Adjoint

let x = Tensor(2.0, requiresGrad: true)  // parameter x -1000...1000
let y = x ** 2
y.backward()
y.backward()
