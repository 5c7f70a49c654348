import CAdjoint

/// Mish, x tanh(softplus x).
public struct Mish: UnaryPointwiseOp {
    public static let info = OpInfo(
        "mish", family: .pointwise, formula: "x tanh(log(1 + eˣ))",
        derivative: "t + x σ (1 - t²), t = tanh(log(1 + eˣ))", torch: "torch.nn.functional.mish",
        dtypes: .floating)
    public static let kernel: UnaryKernel? = UnaryKernel(adj_mish_f32, adj_mish_f64)
    public static var samples: [Sample] { Sample.unary(Mish(), over: .uniform(-4, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x * T.tanh(x > 20 ? x : T.log1p(T.exp(x))) }
    public func derivative(_ saved: Saved) -> Tensor {
        let t = saved[0].softplus().tanh()
        return t + saved[0] * saved[0].sigmoid() * (1 - t * t)
    }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_mish_backward_f32, adj_mish_backward_f64)
    }
}

extension Tensor {
    /// x tanh(log(1 + eˣ)) for each element `x`. Same as `torch.nn.functional.mish`.
    public func mish() -> Tensor { apply(Mish(), Operands(self)) }
    /// Writes x tanh(log(1 + eˣ)) over each element `x`.
    @discardableResult public func mish_() -> Tensor { applyInPlace(Mish(), self) }
}
