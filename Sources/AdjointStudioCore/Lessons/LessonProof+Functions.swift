import Adjoint
import AdjointCore

extension LessonProof {
    /// `functions`.
    static let functions: [String: Body] = [
        "functions.value": { value(Square().apply(watched(3))) },
        "functions.slope": {
            let x = watched(3)
            Square().apply(x).backward()
            return value(x.grad)
        },
        "functions.intoProduct": { .number(product().into) },
        "functions.fromProduct": { .numbers(product().out) },
        "functions.a": { value(reused().a.grad) },
        "functions.b": { value(reused().b.grad) },
    ]

    private struct Square: Function {
        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            context.saveForBackward(inputs[0])
            return [inputs[0] ** 2]
        }

        func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
            [gradOutputs[0]! * 2 * context.savedTensors[0]]
        }
    }

    private final class Flow: @unchecked Sendable {
        var into = 0.0
        var out: [Double] = []
    }

    /// What goes into and out of the product of (a + b) · a at (2, 3).
    private static func product() -> (into: Double, out: [Double]) {
        let (a, b) = (watched(2), watched(3))
        let d = (a + b) * a
        let flow = Flow()
        d.gradFn!.registerHook { inputs, outputs in
            flow.into = outputs[0]?.item() ?? .nan
            flow.out = inputs.map { $0?.item() ?? .nan }
            return nil
        }
        d.backward()
        return (flow.into, flow.out)
    }
}
