// |x| has no derivative at 0: every slope between -1 and 1 lies below it. We choose 0, the middle
// one, which is also what sign(0) gives.
import Adjoint

struct Absolute: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.saveForBackward(inputs[0])
        return [Tensor.where(inputs[0] .< 0, -inputs[0], inputs[0])]
    }

    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * context.savedTensors[0].sign()]
    }
}

let x = Tensor([-2.0, 0.0, 3.0], requiresGrad: true)
let y = Absolute().apply(x)
y.sum().backward()
print(y.detach())  // prints: tensor([2., 0., 3.])
print(x.grad!)  // prints: tensor([-1.,  0.,  1.])
