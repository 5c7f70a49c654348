// The same numbers, cut from the graph.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let y = x ** 2
let detached = y.detach()

print(y.requiresGrad, detached.requiresGrad)  // prints: true false
print(detached.gradFn == nil)  // prints: true

// It is a view: a write shows in both.
detached.add_(1)
print(y.item() as Double)  // prints: 5.0
// A copy that stands alone is detach().clone().
let copy = y.detach().clone()
copy.zero_()
print(y.item() as Double)  // prints: 5.0
