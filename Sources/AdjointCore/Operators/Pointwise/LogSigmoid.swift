import CAdjoint

/// The logarithm of the logistic function, without overflow.
public struct LogSigmoid: UnaryPointwiseOp {
    public static let info = OpInfo(
        "logSigmoid", family: .pointwise, formula: "log(1 / (1 + e⁻ˣ))", derivative: "σ(-x)",
        torch: "torch.nn.functional.logsigmoid", dtypes: .floating)
    public static let kernel: UnaryKernel? = UnaryKernel(adj_logsigmoid_f32, adj_logsigmoid_f64)
    public static var samples: [Sample] { Sample.unary(LogSigmoid(), over: .uniform(-4, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { (x < 0 ? x : 0) - T.log1p(T.exp(-x.magnitude)) }
    public func derivative(_ saved: Saved) -> Tensor { (-saved[0]).sigmoid() }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_logsigmoid_backward_f32, adj_logsigmoid_backward_f64)
    }
}

extension Tensor {
    /// log(1 / (1 + e⁻ˣ)) for each element `x`. Same as `torch.nn.functional.logsigmoid`.
    public func logSigmoid() -> Tensor { apply(LogSigmoid(), Operands(self)) }
    /// Writes log(1 / (1 + e⁻ˣ)) over each element `x`.
    @discardableResult public func logSigmoid_() -> Tensor { applyInPlace(LogSigmoid(), self) }
}
