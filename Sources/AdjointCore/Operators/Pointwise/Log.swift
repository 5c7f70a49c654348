import CAdjoint

/// The natural logarithm.
public struct Log: UnaryChainOp {
    public static let info = OpInfo(
        "log", family: .pointwise, formula: "log x", derivative: "1 / x")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_log_f32, adj_log_f64)
    public static var samples: [Sample] { Sample.unary(Log(), over: .uniform(0.2, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .log(x) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        flow / saved[0]
    }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_log_backward_f32, adj_log_backward_f64)
    }
}

extension Tensor {
    /// The natural logarithm of each element: -inf at 0, NaN below. Same as `torch.log`.
    public func log() -> Tensor { apply(Log(), Operands(self)) }
    /// Writes log x over each element `x`.
    @discardableResult public func log_() -> Tensor { applyInPlace(Log(), self) }
}
