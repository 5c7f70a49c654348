import Adjoint
import AdjointCore

extension LessonProof {
    /// `accumulation` and `higher-order`.
    static let passes: [String: Body] = [
        "accumulation.once": {
            let x = watched(2)
            (x ** 2).backward()
            let once = value(x.grad)
            x.grad!.zero_()
            (x ** 2).backward()
            let zeroed = value(x.grad)
            x.grad = nil
            (x ** 2).backward()
            return once == zeroed && once == value(x.grad) ? once : .text("they differ")
        },
        "accumulation.twice": {
            let x = watched(2)
            for _ in 0..<2 { (x ** 2).backward() }
            return value(x.grad)
        },
        "accumulation.parts": {
            let parts = slope { weight in
                for i in 0..<4 { (loss(weight, i..<(i + 1)) / 4).backward() }
            }
            return parts == slope { loss($0, 0..<4).backward() } ? parts : .text("they differ")
        },
        "accumulation.whole": { rounded(slopes { loss($0, 0..<3).backward() }) },
        "accumulation.halved": {
            slope { weight in
                (loss(weight, 0..<2) / 2).backward()
                (loss(weight, 2..<3) / 2).backward()
            }
        },
        "accumulation.weighed": {
            rounded(
                slopes { weight in
                    (loss(weight, 0..<2) * 2 / 3).backward()
                    (loss(weight, 2..<3) * 1 / 3).backward()
                })
        },
        "accumulation.goals": {
            slope { weight in
                ((weight - 3) ** 2).backward()
                (0.5 * weight ** 2).backward()
            }
        },
        "higher-order.first": { value(cubeDerivatives()[0]) },
        "higher-order.second": { value(cubeDerivatives()[1]) },
        "higher-order.third": { value(cubeDerivatives()[2]) },
        "higher-order.bare": {
            let x = watched(2)
            let bare = grad(of: x ** 3, wrt: x)
            return try errorKind { _ = grad(of: bare, wrt: x) }
        },
        "higher-order.hessian": { value(hessian(squareTimes, Tensor([2.0, 3.0]))) },
        "higher-order.product": {
            value(hvp(squareTimes, Tensor([2.0, 3.0]), Tensor([1.0, 0.0])).product)
        },
        "higher-order.leftover": {
            let t = Tensor([0.5], dtype: .float64, requiresGrad: true)
            let u = t.sin()
            let velocity = grad(of: u, wrt: t, createGraph: true)
            return value((grad(of: velocity, wrt: t) + u) ** 2)
        },
    ]

    /// The mean of (weight · row)² over some of the rows 1, 2, 3, 4.
    private static func loss(_ weight: Tensor, _ rows: Range<Int>) -> Tensor {
        ((weight * Tensor([1.0, 2.0, 3.0, 4.0])[rows]) ** 2).mean()
    }

    private static func slopes(_ body: (Tensor) -> Void) -> Tensor? {
        let weight = Tensor(1.0, requiresGrad: true)
        body(weight)
        return weight.grad
    }

    private static func slope(_ body: (Tensor) -> Void) -> ClaimValue { value(slopes(body)) }

    private static func cubeDerivatives() -> [Tensor] {
        let x = watched(2)
        let first = grad(of: x ** 3, wrt: x, createGraph: true)
        let second = grad(of: first, wrt: x, createGraph: true)
        return [first, second, grad(of: second, wrt: x)]
    }

    private static func squareTimes(_ p: Tensor) -> Tensor { p[0] ** 2 * p[1] }
}
