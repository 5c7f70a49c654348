import CAdjoint

/// The smallest whole number not below x.
public struct Ceil: UnaryStepOp {
    public static let info = OpInfo(
        "ceil", family: .pointwise, formula: "⌈x⌉", derivative: "0", dtypes: .numeric)
    public static let kernel: UnaryKernel? = UnaryKernel(adj_ceil_f32, adj_ceil_f64)
    public static var samples: [Sample] { Sample.unary(Ceil(), over: .uniform(0.1, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x.rounded(.up) }
    public func value(_ x: Int64) -> Int64 { x }
}

extension Tensor {
    /// The smallest whole number not below each element. Same as `torch.ceil`.
    public func ceil() -> Tensor { apply(Ceil(), Operands(self)) }
    /// Writes ⌈x⌉ over each element `x`.
    @discardableResult public func ceil_() -> Tensor { applyInPlace(Ceil(), self) }
}
