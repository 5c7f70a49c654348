// The mode as a wrapper of a function: each call runs without recording.
import Adjoint

let model = Linear(10, 1)

let inference = noGrad(model.callAsFunction)
print(inference(Tensor.randn(5, 10)).requiresGrad)  // prints: false

let scale = noGrad { (x: Tensor, factor: Double) in x * factor }
let x = Tensor([1.0, 2.0], requiresGrad: true)
print(scale(x, 3))  // prints: tensor([3., 6.])
print(isGradEnabled, model(Tensor.randn(5, 10)).requiresGrad)  // prints: true true
