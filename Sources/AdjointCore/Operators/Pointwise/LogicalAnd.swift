import CAdjoint

/// a ∧ b, element by element, broadcast. Numbers other than 0 are true.
public struct LogicalAnd: LogicalOp {
    public static let info = OpInfo(
        "logicalAnd", family: .pointwise, formula: "a ∧ b", torch: "torch.logical_and")
    public static let kernel = TruthKernel(adj_min_u8)
    public static var samples: [Sample] { Sample.binary(LogicalAnd(), .mask, .mask) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where both are true, element by element. Same as `torch.logical_and`.
    public func logicalAnd(_ other: Tensor) -> Tensor { apply(LogicalAnd(), Operands(self, other)) }
    /// Writes 1 where both are true and 0 elsewhere, over this tensor's elements.
    @discardableResult public func logicalAnd_(_ other: Tensor) -> Tensor {
        copy_(logicalAnd(other))
    }
    /// True where both are true, element by element; shapes broadcast.
    public static func .& (a: Tensor, b: Tensor) -> Tensor { a.logicalAnd(b) }
}
