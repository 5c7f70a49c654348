// 1. What you make is a leaf; what is computed from it is not.
import Adjoint

let weight = Tensor([2.0], requiresGrad: true)
let data = Tensor([3.0])
let product = weight * data
print(weight.isLeaf, data.isLeaf, product.isLeaf)  // prints: true true false
print(weight.gradFn == nil, product.gradFn!.name)  // prints: true MulBackward

// 2. The gradient stays at the leaf that asked for it.
(product + 1).backward()
print(weight.grad!)  // prints: tensor([3.])
print(product.grad == nil, data.grad == nil)  // prints: true true

// 3. A computed tensor keeps its gradient when told to beforehand.
weight.grad = nil
let again = weight * data
again.retainGrad()
(again ** 2).backward()
print(again.grad!, weight.grad!)  // prints: tensor([12.]) tensor([36.])

// 4. The flag spreads to whatever is computed, and only real numbers can carry it.
print((data * 2).requiresGrad, (data * weight).requiresGrad)  // prints: false true
do {
    try catchingTensorErrors { _ = Tensor([1, 2], requiresGrad: true) }
} catch let error as TensorError {
    print(error.kind)  // prints: dtype
}
