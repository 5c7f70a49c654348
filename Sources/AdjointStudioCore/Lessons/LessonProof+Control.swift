import Adjoint
import AdjointCore

extension LessonProof {
    /// `control` and `hooks`.
    static let control: [String: Body] = [
        "control.plain": {
            let square = noGrad { watched(2) ** 2 }
            return square.requiresGrad ? .text("recorded") : value(square)
        },
        "control.cut": {
            let x = watched(2)
            let y = x ** 2
            (y + y.detach()).backward()
            return value(x.grad)
        },
        "control.freed": {
            let z = watched(2) ** 2
            z.backward(retainGraph: true)
            z.backward()
            return try errorKind { z.backward() }
        },
        "control.retained": {
            let x = watched(2)
            let z = x ** 2
            z.backward(retainGraph: true)
            z.backward()
            return value(x.grad)
        },
        "control.sum": {
            let x = watched(2)
            let sum = x + 1
            sum.backward()
            sum.backward()
            return value(x.grad)
        },
        "hooks.seen": {
            let seen = Seen()
            let x = watched(3, 4)
            x.registerHook { gradient in
                seen.gradient = gradient
                return nil
            }
            (x ** 2).sum().backward()
            return value(seen.gradient) == value(x.grad) ? value(x.grad) : .text("they differ")
        },
        "hooks.halved": { value(halvedByHook().grad) },
        "hooks.norm": { value(clipGradNorm_([halvedByHook()], maxNorm: 1)) },
        "hooks.clipped": {
            let x = halvedByHook()
            clipGradNorm_([x], maxNorm: 1)
            return rounded(x.grad)
        },
        "hooks.cut": { value(cutByValue().grad) },
        "hooks.clamped": {
            let x = cutByValue()
            x.grad!.clamp_(min: -0.5, max: 0.5)
            return value(x.grad)
        },
    ]

    /// What a hook saw. A pass runs in the task that called it, and is over when it is read.
    private final class Seen: @unchecked Sendable {
        var gradient: Tensor?
    }

    private static func halvedByHook() -> Tensor {
        let x = watched(3, 4)
        x.registerHook { $0 / 2 }
        (x ** 2).sum().backward()
        return x
    }

    private static func cutByValue() -> Tensor {
        let x = watched(3, 4)
        x.grad = Tensor([3.0, 0.25])
        clipGradValue_([x], 1)
        return x
    }
}
