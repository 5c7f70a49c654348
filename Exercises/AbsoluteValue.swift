// Exercise: absolute-value
//
// |x| as an operation of your own, element by element.
//
// 1. forward: keep what the way back needs with context.saveForBackward, and return |x| without
//    calling abs(). Tensor.where(condition, a, b) picks between two tensors.
// 2. backward: what came in, times the slope: -1 left of 0, and 1 right of it. At 0 there is no
//    slope. Choose a number between -1 and 1, and say in a comment why you took it.
//    Beware of x / |x|: what is 0 / 0?
//
// Keep the name; the check calls Absolute().apply(x).

import Adjoint

struct Absolute: Function {
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        [inputs[0] * 1]
    }

    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]!]
    }
}
