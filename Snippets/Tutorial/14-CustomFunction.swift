// An operation with a derivative of its own: d(x²)/dx = 2x.
import Adjoint

struct Square: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.saveForBackward(inputs[0])
        return [inputs[0] ** 2]
    }

    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * 2 * context.savedTensors[0]]
    }
}

let x = Tensor([3.0], requiresGrad: true)
let y = Square().apply(x)
y.backward()
print(y.detach(), x.grad!)  // prints: tensor([9.]) tensor([6.])

// The same in one expression: the value, and how a gradient comes back through it.
x.grad = nil
customGradient(x) { x in (x ** 2, { gradient in gradient * 2 * x }) }.backward()
print(x.grad!)  // prints: tensor([6.])
