import CAdjoint

/// The logarithm to base 10.
public struct Log10: UnaryChainOp {
    public static let info = OpInfo(
        "log10", family: .pointwise, formula: "log₁₀ x", derivative: "1 / (x log 10)")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_log10_f32, adj_log10_f64)
    public static var samples: [Sample] { Sample.unary(Log10(), over: .uniform(0.2, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .log10(x) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        flow / (saved[0] * 2.30258509299404568402)
    }
}

extension Tensor {
    /// The logarithm to base 10 of each element. Same as `torch.log10`.
    public func log10() -> Tensor { apply(Log10(), Operands(self)) }
    /// Writes log₁₀ x over each element `x`.
    @discardableResult public func log10_() -> Tensor { applyInPlace(Log10(), self) }
}
