import CAdjoint

/// The tangent.
public struct Tan: UnaryPointwiseOp {
    public static let info = OpInfo(
        "tan", family: .pointwise, formula: "tan x", derivative: "1 + tan² x")
    public static let kernel: UnaryKernel? = UnaryKernel(adj_tan_f32, adj_tan_f64)
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Tan(), over: .uniform(-1.2, 1.2)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { .tan(x) }
    public func derivative(_ saved: Saved) -> Tensor { saved.output * saved.output + 1 }
}

extension Tensor {
    /// The tangent of each element, in radians. Same as `torch.tan`.
    public func tan() -> Tensor { apply(Tan(), Operands(self)) }
    /// Writes tan x over each element `x`.
    @discardableResult public func tan_() -> Tensor { applyInPlace(Tan(), self) }
}
