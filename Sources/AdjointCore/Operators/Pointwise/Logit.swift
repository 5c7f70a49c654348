/// The logarithm of the odds, the inverse of the logistic function.
public struct Logit: UnaryChainOp {
    public static let info = OpInfo(
        "logit", family: .pointwise, formula: "log(x / (1 - x))", derivative: "1 / (x (1 - x))")
    public static var samples: [Sample] {
        Sample.unary(Logit(), over: .uniform(0.1, 0.9))
            + Sample.unary(Logit(eps: 0.2), over: .these([0.1, 0.3, 0.5, 0.7, 0.95, 0.25]))
    }
    let eps: Double?
    /// log(x / (1 - x)); with `eps`, x is first cut off at `eps` and 1 - `eps`.
    public init(eps: Double? = nil) { self.eps = eps }

    public func value<T: Real>(_ x: T) -> T {
        guard let eps, !x.isNaN else { return T.log(x / (1 - x)) }
        // The lower bound comes first where eps is over one half.
        let p = x < T(eps) ? T(eps) : Swift.min(x, T(1 - eps))
        return T.log(p / (1 - p))
    }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        let x = saved[0]
        let slope = flow / (x * (1 - x))
        let low = eps ?? 0
        let inside = (x .>= low).logicalAnd(x .<= 1 - low)
        return eps == nil ? Tensor.where(inside, slope, Double.nan) : Tensor.where(inside, slope, 0)
    }
}

extension Tensor {
    /// log(x / (1 - x)) for each element `x`, which is first cut off at `eps` and 1 - `eps` where
    /// that is given. Same as `torch.logit`.
    public func logit(eps: Double? = nil) -> Tensor { apply(Logit(eps: eps), Operands(self)) }
}
