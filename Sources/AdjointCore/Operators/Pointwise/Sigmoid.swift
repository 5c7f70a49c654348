import CAdjoint

/// The logistic function. Its derivative is known from its value.
struct Sigmoid: UnaryPointwiseOp {
    public static let info = OpInfo(
        "sigmoid", family: .pointwise, formula: "1 / (1 + e⁻ˣ)", derivative: "σ (1 - σ)")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_sigmoid_f32, adj_sigmoid_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Sigmoid(), over: .uniform(-4, 4)) }
    public init() {}
    public func value<T: Real>(_ x: T) -> T {
        x < 0 ? T.exp(x) / (1 + T.exp(x)) : 1 / (1 + T.exp(-x))
    }
    public func derivative(_ saved: Saved) -> Tensor { saved.output * (1 - saved.output) }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_sigmoid_backward_f32, adj_sigmoid_backward_f64)
    }
}

extension Tensor {
    /// The logistic function 1 / (1 + e⁻ˣ) of each element `x`. Same as `torch.sigmoid`.
    public func sigmoid() -> Tensor { apply(Sigmoid(), Operands(self)) }
    /// Writes 1 / (1 + e⁻ˣ) over each element `x`.
    @discardableResult public func sigmoid_() -> Tensor { applyInPlace(Sigmoid(), self) }
}
