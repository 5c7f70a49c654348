// detach and noGrad
// Three uses of x; only the one that was recorded sends a gradient back.
// group Control
import Adjoint

let x = Tensor(2.0, requiresGrad: true)  // parameter x -1000...1000
let recorded = x * 3
let cut = (x * 5).detach()
let unseen = noGrad { x * 7 }
let y = recorded + cut + unseen
y.backward()
