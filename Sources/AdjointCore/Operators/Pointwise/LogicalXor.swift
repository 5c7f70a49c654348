import CAdjoint

/// a ⊻ b, element by element, broadcast. Numbers other than 0 are true.
public struct LogicalXor: LogicalOp {
    public static let info = OpInfo(
        "logicalXor", family: .pointwise, formula: "a ⊻ b", torch: "torch.logical_xor")
    public static let kernel = TruthKernel(adj_ne_u8)
    public static var samples: [Sample] { Sample.binary(LogicalXor(), .mask, .mask) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where just one is true, element by element. Same as `torch.logical_xor`.
    public func logicalXor(_ other: Tensor) -> Tensor { apply(LogicalXor(), Operands(self, other)) }
    /// Writes 1 where one alone is true and 0 elsewhere, over this tensor's elements.
    @discardableResult public func logicalXor_(_ other: Tensor) -> Tensor {
        copy_(logicalXor(other))
    }
    /// True where one alone is true, element by element; shapes broadcast.
    public static func .^ (a: Tensor, b: Tensor) -> Tensor { a.logicalXor(b) }
}
