import CAdjoint

/// The square root.
public struct Sqrt: UnaryChainOp {
    public static let info = OpInfo(
        "sqrt", family: .pointwise, formula: "√x", derivative: "1 / (2 √x)")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_sqrt_f32, adj_sqrt_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Sqrt(), over: .uniform(0.2, 4)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x.squareRoot() }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        flow / (saved.output * 2)
    }
    public var backwardKernel: BackwardKernel? {
        BackwardKernel(adj_sqrt_backward_f32, adj_sqrt_backward_f64)
    }
}

extension Tensor {
    /// The square root of each element, NaN for negative ones. Its derivative at 0 is infinite. Same as `torch.sqrt`.
    public func sqrt() -> Tensor { apply(Sqrt(), Operands(self)) }
    /// Writes √x over each element `x`.
    @discardableResult public func sqrt_() -> Tensor { applyInPlace(Sqrt(), self) }
}
