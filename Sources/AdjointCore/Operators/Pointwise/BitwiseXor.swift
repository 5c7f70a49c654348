/// a ^ b, bit by bit; for booleans the logical connective.
public struct BitwiseXor: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseXor", family: .pointwise, formula: "a ^ b", torch: "torch.bitwise_xor",
        dtypes: [.integer, .bool])
    public static var samples: [Sample] {
        Sample.binary(BitwiseXor(), .indices(8), .indices(8))
            + Sample.binary(BitwiseXor(), .mask, .mask)
    }
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a ^ b }
}

extension Tensor {
    /// a ^ b, bit by bit, of whole numbers or booleans. Same as `torch.bitwise_xor`.
    public func bitwiseXor(_ other: Tensor) -> Tensor { apply(BitwiseXor(), Operands(self, other)) }
    public func bitwiseXor(_ other: some TensorScalar) -> Tensor { bitwiseXor(.number(other)) }
    @discardableResult public func bitwiseXor_(_ other: Tensor) -> Tensor {
        applyInPlace(BitwiseXor(), self, other)
    }
    @discardableResult public func bitwiseXor_(_ other: some TensorScalar) -> Tensor {
        bitwiseXor_(.number(other))
    }
    public static func ^ (a: Tensor, b: Tensor) -> Tensor { a.bitwiseXor(b) }
    public static func ^ (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseXor(b) }
}
