// 1. A hook looks at a gradient on its way.
import Adjoint

let x = Tensor([3.0, 4.0], requiresGrad: true)
let handle = x.registerHook { gradient in
    print("passing", gradient)
    return nil
}
(x ** 2).sum().backward()  // prints: passing tensor([6., 8.])
print(x.grad!)  // prints: tensor([6., 8.])

// 2. What a hook returns takes the gradient's place.
handle.remove()
x.grad = nil
x.registerHook { gradient in gradient / 2 }
(x ** 2).sum().backward()
print(x.grad!)  // prints: tensor([3., 4.])

// 3. Clipping by norm keeps the direction, and says how long the gradient was.
let norm = clipGradNorm_([x], maxNorm: 1.0)
print(norm, x.grad!)  // prints: tensor(5.) tensor([0.6000, 0.8000])

// 4. Clipping by value cuts each number for itself, and turns the direction.
x.grad = Tensor([3.0, 0.25])
clipGradValue_([x], 1.0)
print(x.grad!)  // prints: tensor([1.0000, 0.2500])
x.grad!.clamp_(min: -0.5, max: 0.5)
print(x.grad!)  // prints: tensor([0.5000, 0.2500])
