// The life of one operation: computed, recorded, kept, walked back through, let go.
import Adjoint

let x = Tensor([2.0, 3.0], requiresGrad: true)
let w = Tensor([5.0, 7.0], requiresGrad: true)
let product = x * w

// Computed, and recorded: a node that knows the operation, and an edge to each operand.
print(product.detach())  // prints: tensor([10., 21.])
print(product.gradFn!.name)  // prints: MulBackward
print(product.gradFn!.nextFunctions.map { $0.node!.name })
// prints: ["AccumulateGrad", "AccumulateGrad"]

// What a node keeps is what its derivative reads: both factors of a product, nothing of a sum.
let loss = product.sum()
for node in loss.graph(naming: [("x", x), ("w", w)]).nodes {
    print(node.name, node.saved.map { "\($0.place) \($0.shape)" }, node.label ?? "-")
}
// prints: SumBackward [] -
// prints: MulBackward ["input 0 [2]", "input 1 [2]"] -
// prints: AccumulateGrad [] x
// prints: AccumulateGrad [] w

// The way back: each node once, from the latest on; what arrives at a leaf is added to its grad.
loss.backward()
print(x.grad!, w.grad!)  // prints: tensor([5., 7.]) tensor([2., 3.])

// What was kept has been let go, and a second way back says so.
print(loss.graph().memory().total)  // prints: 0
do {
    try catchingTensorErrors { loss.backward() }
} catch let error as TensorError {
    print(error.kind)  // prints: graphFreed
}

// A derivative is a program over the same operations, so it has a life of its own.
let cube = x * x * x
let slope = grad(of: cube.sum(), wrt: x, createGraph: true)
print(slope.detach(), slope.gradFn!.name)  // prints: tensor([12., 27.]) AddBackward
print(grad(of: slope.sum(), wrt: x))  // prints: tensor([12., 18.])

// Without recording there is no node, and nothing is kept.
let silent = noGrad { x * w }
print(silent.gradFn == nil, silent.requiresGrad)  // prints: true false
