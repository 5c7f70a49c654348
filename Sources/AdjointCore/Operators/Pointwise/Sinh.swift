/// The hyperbolic sine.
public struct Sinh: UnaryPointwiseOp {
    public static let info = OpInfo(
        "sinh", family: .pointwise, formula: "sinh x", derivative: "cosh x")
    public static var samples: [Sample] { Sample.unary(Sinh(), over: .uniform(-2, 2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .sinh(x) }
    public func derivative(_ saved: Saved) -> Tensor { saved[0].cosh() }
}

extension Tensor {
    /// The hyperbolic sine of each element. Same as `torch.sinh`.
    public func sinh() -> Tensor { apply(Sinh(), Operands(self)) }
    /// Writes sinh x over each element `x`.
    @discardableResult public func sinh_() -> Tensor { applyInPlace(Sinh(), self) }
}
