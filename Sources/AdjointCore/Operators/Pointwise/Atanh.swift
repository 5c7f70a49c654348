/// The inverse hyperbolic tangent.
public struct Atanh: UnaryChainOp {
    public static let info = OpInfo(
        "atanh", family: .pointwise, formula: "atanh x", derivative: "1 / (1 - x²)")
    public static var samples: [Sample] { Sample.unary(Atanh(), over: .uniform(-0.9, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .atanh(x) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        flow / (1 - saved[0] * saved[0])
    }
}

extension Tensor {
    /// The inverse hyperbolic tangent of each element; NaN outside -1...1. Same as `torch.atanh`.
    public func atanh() -> Tensor { apply(Atanh(), Operands(self)) }
    /// Writes atanh x over each element `x`.
    @discardableResult public func atanh_() -> Tensor { applyInPlace(Atanh(), self) }
}
