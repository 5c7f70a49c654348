/// The inverse cosine.
public struct Acos: UnaryPointwiseOp {
    public static let info = OpInfo(
        "acos", family: .pointwise, formula: "acos x", derivative: "-1 / √(1 - x²)")
    public static var samples: [Sample] { Sample.unary(Acos(), over: .uniform(-0.9, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .acos(x) }
    public func derivative(_ saved: Saved) -> Tensor { -(1 - saved[0] * saved[0]).rsqrt() }
}

extension Tensor {
    /// The angle in radians, from 0 to π, whose cosine each element is; NaN outside -1...1. Same as `torch.acos`.
    public func acos() -> Tensor { apply(Acos(), Operands(self)) }
    /// Writes acos x over each element `x`.
    @discardableResult public func acos_() -> Tensor { applyInPlace(Acos(), self) }
}
