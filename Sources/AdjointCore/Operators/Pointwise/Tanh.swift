import CAdjoint

/// The hyperbolic tangent. Its derivative is known from its value, so the output is all that a node
/// keeps.
struct Tanh: UnaryPointwiseOp {
    public static let info = OpInfo(
        "tanh", family: .pointwise, formula: "tanh x", derivative: "1 - tanh² x")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_tanh_f32, adj_tanh_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Tanh(), over: .uniform(-3, 3)) }
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .tanh(x) }
    public func derivative(_ saved: Saved) -> Tensor { 1 - saved.output * saved.output }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_tanh_backward_f32, adj_tanh_backward_f64)
    }
}

extension Tensor {
    /// The hyperbolic tangent of each element. Same as `torch.tanh`.
    public func tanh() -> Tensor { apply(Tanh(), Operands(self)) }
    /// Writes tanh x over each element `x`.
    @discardableResult public func tanh_() -> Tensor { applyInPlace(Tanh(), self) }
}
