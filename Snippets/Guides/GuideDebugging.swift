// How a gradient is found out: checked, watched, stopped at its first NaN, and explained.
import Adjoint

// 1. Compare a derivative of your own with differences. This one is wrong: (x³)' is 3x².
struct Cube: Function {
    let factor: Double

    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        context.saveForBackward(inputs[0])
        return [inputs[0] ** 3]
    }

    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        [gradOutputs[0]! * factor * context.savedTensors[0] ** 2]
    }
}

let point = Tensor([0.5, 1.5], dtype: .float64, requiresGrad: true)
for factor in [2.0, 3.0] {
    let cube = Cube(factor: factor)
    print(gradcheck({ cube.apply($0) }, [point], raiseException: false))
}
// prints: false
// prints: true

// 2. Stop at the first operation that makes a NaN or an infinity, forward or backward.
let x = Tensor([0.0, 4.0], requiresGrad: true)
do {
    try catchingTensorErrors {
        detectAnomaly { x.sqrt().sum().backward() }
    }
} catch let error as TensorError {
    print(error.kind, error.operation!)  // prints: anomaly sqrt
    print(error.message.contains("SqrtBackward returned inf values"))  // prints: true
}
print(x.grad == nil)  // prints: true

// 3. Look at a gradient on its way.
let y = x * 3
y.registerHook { gradient in
    print("arrives:", gradient)
    return nil
}
(y ** 2).sum().backward()  // prints: arrives: tensor([ 0., 24.])
print(x.grad!)  // prints: tensor([ 0., 72.])

// 4. Look at the graph.
let z = (x.exp() * 2).sum()
print(z.graph(naming: [("x", x)]))
// prints: #0 SumBackward [] float32
// prints: #1 MulBackward [2] float32
// prints: #2 ExpBackward [2] float32, saves output 0 [2]
// prints: #3 AccumulateGrad [2] float32 "x"

// 5. Let the doctor read a recording: here a parameter that the loss does not reach.
manualSeed(0)
let first = Linear(2, 3, bias: false)
let second = Linear(3, 1)
let document = Trace.record(
    named: [("first.weight", first.weight), ("second.weight", second.weight)]
) {
    let hidden = first(Tensor([[1.0, 2.0]])).detach()
    second(hidden).sum().backward()
}
for finding in document.findings() where finding.kind == .noGradient {
    print(finding.severity, finding.title)
}
// prints: warning no gradient has reached first.weight
