import CAdjoint

/// The reciprocal.
public struct Reciprocal: UnaryPointwiseOp {
    public static let info = OpInfo(
        "reciprocal", family: .pointwise, formula: "1 / x", derivative: "-1 / x²")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_reciprocal_f32, adj_reciprocal_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Reciprocal(), over: .uniform(0.4, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { 1 / x }
    public func derivative(_ saved: Saved) -> Tensor { -(saved.output * saved.output) }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_reciprocal_backward_f32, adj_reciprocal_backward_f64)
    }
}

extension Tensor {
    /// 1 / x for each element `x`. Same as `torch.reciprocal`.
    public func reciprocal() -> Tensor { apply(Reciprocal(), Operands(self)) }
    /// Writes 1 / x over each element `x`.
    @discardableResult public func reciprocal_() -> Tensor { applyInPlace(Reciprocal(), self) }
}
