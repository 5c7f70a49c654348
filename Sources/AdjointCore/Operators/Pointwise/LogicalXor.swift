import CAdjoint

/// a ⊻ b, element by element, broadcast. Numbers other than 0 are true.
public struct LogicalXor: LogicalOp {
    public static let info = OpInfo(
        "logicalXor", family: .pointwise, formula: "a ⊻ b", torch: "torch.logical_xor")
    public static let kernel = TruthKernel(adj_ne_u8)
    public static var samples: [Sample] { Sample.binary(LogicalXor(), .mask, .mask) }
    public init() {}
}

extension Tensor {
    /// True where just one is true, element by element. Same as `torch.logical_xor`.
    public func logicalXor(_ other: Tensor) -> Tensor { apply(LogicalXor(), Operands(self, other)) }
    @discardableResult public func logicalXor_(_ other: Tensor) -> Tensor {
        copy_(logicalXor(other))
    }
    public static func .^ (a: Tensor, b: Tensor) -> Tensor { a.logicalXor(b) }
}
