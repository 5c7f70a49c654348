/// The inverse tangent.
public struct Atan: UnaryChainOp {
    public static let info = OpInfo(
        "atan", family: .pointwise, formula: "atan x", derivative: "1 / (1 + x²)")
    public static var samples: [Sample] { Sample.unary(Atan(), over: .uniform(-3, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .atan(x) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        flow / (saved[0] * saved[0] + 1)
    }
}

extension Tensor {
    /// The angle in radians, between -π/2 and π/2, whose tangent each element is. Same as `torch.atan`.
    public func atan() -> Tensor { apply(Atan(), Operands(self)) }
    /// Writes atan x over each element `x`.
    @discardableResult public func atan_() -> Tensor { applyInPlace(Atan(), self) }
}
