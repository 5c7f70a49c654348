// 1. An operation is a pair: how to compute, and how a gradient comes back.
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

// 2. A rule of your own is checked against small nudges.
let exact = Tensor([0.5, -1.5], dtype: .float64, requiresGrad: true)
print(gradcheck({ Square().apply($0).sum() }, [exact]))  // prints: true

// 3. The pass itself: each node runs when all of its gradients are in.
let a = Tensor([2.0], requiresGrad: true)
let b = Tensor([3.0], requiresGrad: true)
let c = a + b
let d = c * a
for made in [c, d] {
    let name = made.gradFn!.name
    made.gradFn!.registerHook { inputs, outputs in
        print(name, "in", outputs[0]!, "out", inputs[0]!, inputs[1]!)
        return nil
    }
}
for (leaf, name) in [(a, "a"), (b, "b")] {
    leaf.registerPostAccumulateGradHook { print(name, "now", $0.grad!) }
}
d.backward()
// prints: MulBackward in tensor([1.]) out tensor([2.]) tensor([5.])
// prints: AddBackward in tensor([2.]) out tensor([2.]) tensor([2.])
// prints: a now tensor([7.])
// prints: b now tensor([2.])
