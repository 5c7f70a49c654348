import CAdjoint

/// The sine.
public struct Sin: UnaryPointwiseOp {
    public static let info = OpInfo(
        "sin", family: .pointwise, formula: "sin x", derivative: "cos x")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_sin_f32, adj_sin_f64)
    public static var samples: [Sample] { Sample.unary(Sin(), over: .uniform(-3, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .sin(x) }
    public func derivative(_ saved: Saved) -> Tensor { saved[0].cos() }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_sin_backward_f32, adj_sin_backward_f64)
    }
}

extension Tensor {
    /// The sine of each element, in radians. Same as `torch.sin`.
    public func sin() -> Tensor { apply(Sin(), Operands(self)) }
    /// Writes sin x over each element `x`.
    @discardableResult public func sin_() -> Tensor { applyInPlace(Sin(), self) }
}
