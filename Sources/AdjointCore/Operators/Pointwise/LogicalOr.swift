import CAdjoint

/// a ∨ b, element by element, broadcast. Numbers other than 0 are true.
public struct LogicalOr: LogicalOp {
    public static let info = OpInfo(
        "logicalOr", family: .pointwise, formula: "a ∨ b", torch: "torch.logical_or")
    public static let kernel = TruthKernel(adj_max_u8)
    public static var samples: [Sample] { Sample.binary(LogicalOr(), .mask, .mask) }
    public init() {}
}

extension Tensor {
    /// True where either is true, element by element. Same as `torch.logical_or`.
    public func logicalOr(_ other: Tensor) -> Tensor { apply(LogicalOr(), Operands(self, other)) }
    @discardableResult public func logicalOr_(_ other: Tensor) -> Tensor { copy_(logicalOr(other)) }
    public static func .| (a: Tensor, b: Tensor) -> Tensor { a.logicalOr(b) }
}
