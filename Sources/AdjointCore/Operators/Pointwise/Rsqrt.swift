import CAdjoint

/// The reciprocal of the square root.
public struct Rsqrt: UnaryPointwiseOp {
    public static let info = OpInfo(
        "rsqrt", family: .pointwise, formula: "1 / √x", derivative: "-1 / (2 x√x)")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_rsqrt_f32, adj_rsqrt_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Rsqrt(), over: .uniform(0.2, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { 1 / x.squareRoot() }
    public func derivative(_ saved: Saved) -> Tensor {
        saved.output * saved.output * saved.output * -0.5
    }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_rsqrt_backward_f32, adj_rsqrt_backward_f64)
    }
}

extension Tensor {
    /// 1 / √x for each element `x`. Same as `torch.rsqrt`.
    public func rsqrt() -> Tensor { apply(Rsqrt(), Operands(self)) }
    /// Writes 1 / √x over each element `x`.
    @discardableResult public func rsqrt_() -> Tensor { applyInPlace(Rsqrt(), self) }
}
