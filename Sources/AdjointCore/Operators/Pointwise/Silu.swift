import CAdjoint

/// The sigmoid-weighted linear unit, also called swish.
public struct Silu: UnaryPointwiseOp {
    public static let info = OpInfo(
        "silu", family: .pointwise, formula: "x σ(x)", derivative: "σ (1 + x (1 - σ))",
        torch: "torch.nn.functional.silu", dtypes: .floating)
    public static let kernel: UnaryKernel? = UnaryKernel(adj_silu_f32, adj_silu_f64)
    public static var samples: [Sample] { Sample.unary(Silu(), over: .uniform(-4, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T {
        x < 0 ? x * T.exp(x) / (1 + T.exp(x)) : x / (1 + T.exp(-x))
    }
    public func derivative(_ saved: Saved) -> Tensor {
        let sigma = saved[0].sigmoid()
        return sigma * (1 + saved[0] * (1 - sigma))
    }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_silu_backward_f32, adj_silu_backward_f64)
    }
}

extension Tensor {
    /// x / (1 + e⁻ˣ) for each element `x`. Same as `torch.nn.functional.silu`.
    public func silu() -> Tensor { apply(Silu(), Operands(self)) }
    /// Writes x σ(x) over each element `x`.
    @discardableResult public func silu_() -> Tensor { applyInPlace(Silu(), self) }
}
