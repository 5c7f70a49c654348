/// The logarithm of the absolute value of the gamma function.
public struct Lgamma: UnaryPointwiseOp {
    public static let info = OpInfo(
        "lgamma", family: .pointwise, formula: "log |Γ(x)|", derivative: "ψ(x)")
    public static var samples: [Sample] { Sample.unary(Lgamma(), over: .uniform(0.3, 5)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .lgamma(x) }
    public func derivative(_ saved: Saved) -> Tensor { saved[0].digamma() }
}

extension Tensor {
    /// log |Γ(x)| for each element `x`. Same as `torch.lgamma`.
    public func lgamma() -> Tensor { apply(Lgamma(), Operands(self)) }
    /// Writes log |Γ(x)| over each element `x`.
    @discardableResult public func lgamma_() -> Tensor { applyInPlace(Lgamma(), self) }
}
