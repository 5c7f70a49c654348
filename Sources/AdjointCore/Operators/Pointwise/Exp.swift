import CAdjoint

/// eˣ, element by element. The derivative of eˣ is eˣ, so the output is all that a node keeps.
public struct Exp: UnaryPointwiseOp {
    public static let info = OpInfo("exp", family: .pointwise, formula: "eˣ", derivative: "eˣ")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_exp_f32, adj_exp_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Exp(), over: .uniform(-3, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_exp_backward_f32, adj_exp_backward_f64)
    }
    public func value<T: Real>(_ x: T) -> T { .exp(x) }
    public func derivative(_ saved: Saved) -> Tensor { saved.output }
}

extension Tensor {
    /// Returns eˣ for each element `x`. Integers are promoted to float32 first. Same as `torch.exp`.
    public func exp() -> Tensor { apply(Exp(), Operands(self)) }
    /// Writes eˣ over each element `x`.
    @discardableResult public func exp_() -> Tensor { applyInPlace(Exp(), self) }
}
