import CAdjoint

/// The cosine.
public struct Cos: UnaryPointwiseOp {
    public static let info = OpInfo(
        "cos", family: .pointwise, formula: "cos x", derivative: "-sin x")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_cos_f32, adj_cos_f64)
    public static var samples: [Sample] { Sample.unary(Cos(), over: .uniform(-3, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .cos(x) }
    public func derivative(_ saved: Saved) -> Tensor { -saved[0].sin() }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_cos_backward_f32, adj_cos_backward_f64)
    }
}

extension Tensor {
    /// The cosine of each element, in radians. Same as `torch.cos`.
    public func cos() -> Tensor { apply(Cos(), Operands(self)) }
    /// Writes cos x over each element `x`.
    @discardableResult public func cos_() -> Tensor { applyInPlace(Cos(), self) }
}
