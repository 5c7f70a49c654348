import CAdjoint

/// eˣ - 1, accurate near zero.
public struct Expm1: UnaryPointwiseOp {
    public static let info = OpInfo(
        "expm1", family: .pointwise, formula: "eˣ - 1", derivative: "eˣ")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_expm1_f32, adj_expm1_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Expm1(), over: .uniform(-2, 2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .expm1(x) }
    public func derivative(_ saved: Saved) -> Tensor { saved.output + 1 }
}

extension Tensor {
    /// eˣ - 1 for each element `x`, accurate near zero. Same as `torch.expm1`.
    public func expm1() -> Tensor { apply(Expm1(), Operands(self)) }
    /// Writes eˣ - 1 over each element `x`.
    @discardableResult public func expm1_() -> Tensor { applyInPlace(Expm1(), self) }
}
