import CAdjoint

/// 2ˣ.
public struct Exp2: UnaryPointwiseOp {
    public static let info = OpInfo(
        "exp2", family: .pointwise, formula: "2ˣ", derivative: "2ˣ log 2")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_exp2_f32, adj_exp2_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Exp2(), over: .uniform(-3, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .exp2(x) }
    public func derivative(_ saved: Saved) -> Tensor { saved.output * 0.693147180559945309417 }
}

extension Tensor {
    /// 2ˣ for each element `x`. Same as `torch.exp2`.
    public func exp2() -> Tensor { apply(Exp2(), Operands(self)) }
    /// Writes 2ˣ over each element `x`.
    @discardableResult public func exp2_() -> Tensor { applyInPlace(Exp2(), self) }
}
