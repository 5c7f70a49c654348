import CAdjoint

/// a ∨ b, element by element, broadcast. Numbers other than 0 are true.
public struct LogicalOr: LogicalOp {
    public static let info = OpInfo(
        "logicalOr", family: .pointwise, formula: "a ∨ b", torch: "torch.logical_or")
    public static let kernel = TruthKernel(adj_max_u8)
    public static var samples: [Sample] { Sample.binary(LogicalOr(), .mask, .mask) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where either is true, element by element. Same as `torch.logical_or`.
    public func logicalOr(_ other: Tensor) -> Tensor { apply(LogicalOr(), Operands(self, other)) }
    /// Writes 1 where either is true and 0 elsewhere, over this tensor's elements.
    @discardableResult public func logicalOr_(_ other: Tensor) -> Tensor { copy_(logicalOr(other)) }
    /// True where either is true, element by element; shapes broadcast.
    public static func .| (a: Tensor, b: Tensor) -> Tensor { a.logicalOr(b) }
}
