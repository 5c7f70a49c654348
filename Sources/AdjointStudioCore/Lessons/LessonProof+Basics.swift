import Adjoint
import AdjointCore

extension LessonProof {
    private static func formula(_ x: Tensor) -> Tensor { x ** 2 + 3 * x }
    private static func sumOfSquares(_ x: Tensor) -> Tensor { (x ** 2).sum() }
    private static func curve(_ t: Tensor) -> Tensor { Tensor.stack([t, t ** 2, t ** 3]) }

    /// `what`, `modes` and `leaves`.
    static let basics: [String: Body] = [
        "what.value": { value(formula(watched(2))) },
        "what.slope": {
            let x = watched(2)
            formula(x).backward()
            return value(x.grad)
        },
        "what.nudged": {
            let nudge = 0.125
            return value((formula(Tensor(2 + nudge)) - formula(Tensor(2.0))) / nudge)
        },
        "what.many": { value(Tensor(Double(millionSlopes().numel), dtype: .float64)) },
        "what.each": {
            let slopes = millionSlopes()
            return slopes.min().item() as Double == slopes.max().item()
                ? value(slopes.min()) : .text("not all alike")
        },
        "modes.pushedValue": {
            value(jvp(sumOfSquares, Tensor([1.0, 2.0, 3.0]), Tensor.eye(3)[0]).value)
        },
        "modes.pushedSlope": {
            value(jvp(sumOfSquares, Tensor([1.0, 2.0, 3.0]), Tensor.eye(3)[0]).tangent)
        },
        "modes.axes": {
            value(
                Tensor.stack(
                    (0..<3).map {
                        jvp(sumOfSquares, Tensor([1.0, 2.0, 3.0]), Tensor.eye(3)[$0]).tangent
                    }))
        },
        "modes.curve": {
            let found = [
                value(jvp(curve, Tensor(2.0), Tensor(1.0)).tangent),
                value(jacfwd(curve)(Tensor(2.0))), value(jacrev(curve)(Tensor(2.0))),
            ]
            return found.allSatisfy { $0 == found[0] } ? found[0] : .text("they differ")
        },
        "leaves.weightGrad": {
            let weight = watched(2)
            (weight * Tensor([3.0]) + 1).backward()
            return value(weight.grad)
        },
        "leaves.product": { value(watched(2) * Tensor([3.0])) },
        "leaves.retained": { value(squaredProduct().product.grad) },
        "leaves.through": { value(squaredProduct().weight.grad) },
        "leaves.integers": { try errorKind { _ = Tensor([1, 2], requiresGrad: true) } },
    ]

    private static func millionSlopes() -> Tensor {
        let weights = Tensor.ones(1_000_000, requiresGrad: true)
        (weights ** 2).sum().backward()
        return weights.grad ?? Tensor.zeros(0)
    }

    private static func squaredProduct() -> (weight: Tensor, product: Tensor) {
        let weight = watched(2)
        let product = weight * Tensor([3.0])
        product.retainGrad()
        (product ** 2).backward()
        return (weight, product)
    }
}
