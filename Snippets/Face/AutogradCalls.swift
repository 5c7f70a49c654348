// The calls around backward, by name.
import Adjoint

let x = Tensor([1.0, 2.0], requiresGrad: true)
let w = Tensor([3.0], requiresGrad: true)

// A root of several elements takes a weight for each.
(x * w).backward(gradient: Tensor([1.0, 10.0]))
print(x.grad!, w.grad!)  // prints: tensor([ 3., 30.]) tensor([21.])

// Several roots at once; only some leaves.
x.grad = nil
w.grad = nil
backward([(x ** 2).sum(), (x * w).sum()], gradients: [Tensor(1.0), nil], inputs: [x])
print(x.grad!, w.grad == nil)  // prints: tensor([5., 7.]) true

// Gradients as values: no `grad` changes.
let y = (x ** 2).sum()
print(grads(of: [y], wrt: [x, w], retainGraph: true, unused: .nil).map { $0 == nil })
// prints: [false, true]
print(grads(of: [y], wrt: [x, w], unused: .zeros)[1]!)  // prints: tensor([0.])
print(grad(of: x * w, wrt: w, gradient: Tensor([1.0, 1.0])))  // prints: tensor([3.])

// Hooks on a leaf after accumulation, and on a node before and after it runs.
let leaf = Tensor([1.0], requiresGrad: true)
leaf.registerPostAccumulateGradHook { print("accumulated", $0.grad!) }
let product = leaf * 4
product.gradFn!.registerPrehook { outputs in
    print("before", outputs[0]!)
    return nil
}
product.gradFn!.registerHook { inputs, outputs in
    print("after", inputs[0]!, outputs[0]!)
    return nil
}
product.backward()
// prints: before tensor([1.])
// prints: after tensor([4.]) tensor([1.])
// prints: accumulated tensor([4.])

// A mistake is one message. In this scope it is thrown instead of ending the process.
do {
    try catchingTensorErrors { x.backward(gradient: Tensor([1.0])) }
} catch let error as TensorError {
    print(error.kind, error.operation!)  // prints: shape backward
}
do {
    try catchingTensorErrors { (x * 2).backward() }
} catch let error as TensorError {
    print(error.message.contains("grad can be implicitly created only for scalar outputs"))
    // prints: true
}
