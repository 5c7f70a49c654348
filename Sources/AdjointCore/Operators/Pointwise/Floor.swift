import CAdjoint

/// The largest whole number not above x.
public struct Floor: UnaryStepOp {
    public static let info = OpInfo(
        "floor", family: .pointwise, formula: "⌊x⌋", derivative: "0", dtypes: .numeric)
    public static let kernel: UnaryKernel? = UnaryKernel(adj_floor_f32, adj_floor_f64)
    public static var samples: [Sample] { Sample.unary(Floor(), over: .uniform(0.1, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x.rounded(.down) }
    public func value(_ x: Int64) -> Int64 { x }
}

extension Tensor {
    /// The largest whole number not above each element. Same as `torch.floor`.
    public func floor() -> Tensor { apply(Floor(), Operands(self)) }
    /// Writes ⌊x⌋ over each element `x`.
    @discardableResult public func floor_() -> Tensor { applyInPlace(Floor(), self) }
}
