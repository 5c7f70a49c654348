/// The inverse hyperbolic cosine.
public struct Acosh: UnaryPointwiseOp {
    public static let info = OpInfo(
        "acosh", family: .pointwise, formula: "acosh x", derivative: "1 / √(x² - 1)")
    public static var samples: [Sample] { Sample.unary(Acosh(), over: .uniform(1.2, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .acosh(x) }
    public func derivative(_ saved: Saved) -> Tensor { (saved[0] * saved[0] - 1).rsqrt() }
}

extension Tensor {
    /// The inverse hyperbolic cosine of each element; NaN below 1. Same as `torch.acosh`.
    public func acosh() -> Tensor { apply(Acosh(), Operands(self)) }
    /// Writes acosh x over each element `x`.
    @discardableResult public func acosh_() -> Tensor { applyInPlace(Acosh(), self) }
}
