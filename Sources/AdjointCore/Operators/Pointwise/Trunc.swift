import CAdjoint

/// The whole part.
public struct Trunc: UnaryStepOp {
    public static let info = OpInfo(
        "trunc", family: .pointwise, formula: "trunc x", derivative: "0", dtypes: .numeric)
    public static let kernel: UnaryKernel? = UnaryKernel(adj_trunc_f32, adj_trunc_f64)
    public static var samples: [Sample] { Sample.unary(Trunc(), over: .uniform(0.1, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x.rounded(.towardZero) }
    public func value(_ x: Int64) -> Int64 { x }
}

extension Tensor {
    /// The whole part of each element. Same as `torch.trunc`.
    public func trunc() -> Tensor { apply(Trunc(), Operands(self)) }
    /// Writes trunc x over each element `x`.
    @discardableResult public func trunc_() -> Tensor { applyInPlace(Trunc(), self) }
}
