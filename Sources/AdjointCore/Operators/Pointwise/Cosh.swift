/// The hyperbolic cosine.
public struct Cosh: UnaryPointwiseOp {
    public static let info = OpInfo(
        "cosh", family: .pointwise, formula: "cosh x", derivative: "sinh x")
    public static var samples: [Sample] { Sample.unary(Cosh(), over: .uniform(-2, 2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .cosh(x) }
    public func derivative(_ saved: Saved) -> Tensor { saved[0].sinh() }
}

extension Tensor {
    /// The hyperbolic cosine of each element. Same as `torch.cosh`.
    public func cosh() -> Tensor { apply(Cosh(), Operands(self)) }
    /// Writes cosh x over each element `x`.
    @discardableResult public func cosh_() -> Tensor { applyInPlace(Cosh(), self) }
}
