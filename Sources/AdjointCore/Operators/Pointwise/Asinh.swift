/// The inverse hyperbolic sine.
public struct Asinh: UnaryPointwiseOp {
    public static let info = OpInfo(
        "asinh", family: .pointwise, formula: "asinh x", derivative: "1 / √(x² + 1)")
    public static var samples: [Sample] { Sample.unary(Asinh(), over: .uniform(-3, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .asinh(x) }
    public func derivative(_ saved: Saved) -> Tensor { (saved[0] * saved[0] + 1).rsqrt() }
}

extension Tensor {
    /// The inverse hyperbolic sine of each element. Same as `torch.asinh`.
    public func asinh() -> Tensor { apply(Asinh(), Operands(self)) }
    /// Writes asinh x over each element `x`.
    @discardableResult public func asinh_() -> Tensor { applyInPlace(Asinh(), self) }
}
