// Two ways to keep a step short: scale all gradients to a norm, or cut each number.
import Adjoint

let x = Tensor([3.0, 4.0], requiresGrad: true)
(x ** 2).sum().backward()
print(x.grad!)  // prints: tensor([6., 8.])

let normBefore = clipGradNorm_([x], maxNorm: 1.0)
print(normBefore)  // prints: tensor(10.)
print(x.grad!)  // prints: tensor([0.6000, 0.8000])

clipGradValue_([x], 0.7)
print(x.grad!)  // prints: tensor([0.6000, 0.7000])

x.grad!.clamp_(min: -0.5, max: 0.5)
print(x.grad!)  // prints: tensor([0.5000, 0.5000])
