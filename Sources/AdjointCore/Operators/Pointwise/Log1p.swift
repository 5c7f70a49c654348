import CAdjoint

/// log(1 + x), accurate near zero.
public struct Log1p: UnaryChainOp {
    public static let info = OpInfo(
        "log1p", family: .pointwise, formula: "log(1 + x)", derivative: "1 / (1 + x)")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_log1p_f32, adj_log1p_f64)
    public static var samples: [Sample] { Sample.unary(Log1p(), over: .uniform(-0.7, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .log1p(x) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        flow / (saved[0] + 1)
    }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_log1p_backward_f32, adj_log1p_backward_f64)
    }
}

extension Tensor {
    /// log(1 + x) for each element `x`, accurate near zero. Same as `torch.log1p`.
    public func log1p() -> Tensor { apply(Log1p(), Operands(self)) }
    /// Writes log(1 + x) over each element `x`.
    @discardableResult public func log1p_() -> Tensor { applyInPlace(Log1p(), self) }
}
