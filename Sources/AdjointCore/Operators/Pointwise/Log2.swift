import CAdjoint

/// The logarithm to base 2.
public struct Log2: UnaryChainOp {
    public static let info = OpInfo(
        "log2", family: .pointwise, formula: "log₂ x", derivative: "1 / (x log 2)")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_log2_f32, adj_log2_f64)
    public static var samples: [Sample] { Sample.unary(Log2(), over: .uniform(0.2, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .log2(x) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        flow / (saved[0] * 0.693147180559945309417)
    }
}

extension Tensor {
    /// The logarithm to base 2 of each element. Same as `torch.log2`.
    public func log2() -> Tensor { apply(Log2(), Operands(self)) }
    /// Writes log₂ x over each element `x`.
    @discardableResult public func log2_() -> Tensor { applyInPlace(Log2(), self) }
}
