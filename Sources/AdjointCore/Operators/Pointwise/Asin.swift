/// The inverse sine.
public struct Asin: UnaryPointwiseOp {
    public static let info = OpInfo(
        "asin", family: .pointwise, formula: "asin x", derivative: "1 / √(1 - x²)")
    public static var samples: [Sample] { Sample.unary(Asin(), over: .uniform(-0.9, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .asin(x) }
    public func derivative(_ saved: Saved) -> Tensor { (1 - saved[0] * saved[0]).rsqrt() }
}

extension Tensor {
    /// The angle in radians, from -π/2 to π/2, whose sine each element is; NaN outside -1...1. Same as `torch.asin`.
    public func asin() -> Tensor { apply(Asin(), Operands(self)) }
    /// Writes asin x over each element `x`.
    @discardableResult public func asin_() -> Tensor { applyInPlace(Asin(), self) }
}
