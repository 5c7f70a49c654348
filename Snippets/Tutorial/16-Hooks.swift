// A hook sees a gradient as the backward pass computes it. It may give another in its place.
import Adjoint

let x = Tensor.ones(4, requiresGrad: true)
let handle = x.registerHook { gradient in
    print(gradient.shape, gradient.mean())
    return nil
}
(x ** 2).sum().backward()  // prints: [4] tensor(2.)
print(x.grad!)  // prints: tensor([2., 2., 2., 2.])

handle.remove()
x.grad = nil
x.registerHook { gradient in gradient * 10 }
(x ** 2).sum().backward()
print(x.grad!)  // prints: tensor([20., 20., 20., 20.])
