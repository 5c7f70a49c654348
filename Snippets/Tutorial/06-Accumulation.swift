// Each backward pass adds to the gradients that are there. Two ways to start again.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
(x ** 2).backward()
print(x.grad!)  // prints: tensor([4.])

(x ** 2).backward()
print(x.grad!)  // prints: tensor([8.])

x.grad!.zero_()
(x ** 2).backward()
print(x.grad!)  // prints: tensor([4.])

x.grad = nil
(x ** 2).backward()
print(x.grad!)  // prints: tensor([4.])
