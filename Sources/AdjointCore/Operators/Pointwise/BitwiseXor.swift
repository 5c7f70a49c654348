/// a ^ b, bit by bit; for booleans the logical connective.
public struct BitwiseXor: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseXor", family: .pointwise, formula: "a ^ b", torch: "torch.bitwise_xor",
        dtypes: [.integer, .bool])
    public static var samples: [Sample] {
        Sample.binary(BitwiseXor(), .indices(8), .indices(8))
            + Sample.binary(BitwiseXor(), .mask, .mask)
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a ^ b }
}

extension Tensor {
    /// a ^ b, bit by bit, of whole numbers or booleans. Same as `torch.bitwise_xor`.
    public func bitwiseXor(_ other: Tensor) -> Tensor { apply(BitwiseXor(), Operands(self, other)) }
    /// a ^ b, bit by bit, with one number for all elements.
    public func bitwiseXor(_ other: some TensorScalar) -> Tensor { bitwiseXor(.number(other)) }
    /// Writes a ^ b over this tensor's elements.
    @discardableResult public func bitwiseXor_(_ other: Tensor) -> Tensor {
        applyInPlace(BitwiseXor(), self, other)
    }
    /// Writes a ^ b, with one number for all elements, over this tensor's.
    @discardableResult public func bitwiseXor_(_ other: some TensorScalar) -> Tensor {
        bitwiseXor_(.number(other))
    }
    /// a ^ b, bit by bit; shapes broadcast.
    ///
    /// - Errors: `.dtype` for floating-point types.
    public static func ^ (a: Tensor, b: Tensor) -> Tensor { a.bitwiseXor(b) }
    /// a ^ b, bit by bit, with one number for all elements.
    public static func ^ (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseXor(b) }
}
