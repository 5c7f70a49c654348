/// a & b, bit by bit; for booleans the logical connective.
public struct BitwiseAnd: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseAnd", family: .pointwise, formula: "a & b", torch: "torch.bitwise_and",
        dtypes: [.integer, .bool])
    public static var samples: [Sample] {
        Sample.binary(BitwiseAnd(), .indices(8), .indices(8))
            + Sample.binary(BitwiseAnd(), .mask, .mask)
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a & b }
}

extension Tensor {
    /// a & b, bit by bit, of whole numbers or booleans. Same as `torch.bitwise_and`.
    public func bitwiseAnd(_ other: Tensor) -> Tensor { apply(BitwiseAnd(), Operands(self, other)) }
    /// a & b, bit by bit, with one number for all elements.
    public func bitwiseAnd(_ other: some TensorScalar) -> Tensor { bitwiseAnd(.number(other)) }
    /// Writes a & b over this tensor's elements.
    @discardableResult public func bitwiseAnd_(_ other: Tensor) -> Tensor {
        applyInPlace(BitwiseAnd(), self, other)
    }
    /// Writes a & b, with one number for all elements, over this tensor's.
    @discardableResult public func bitwiseAnd_(_ other: some TensorScalar) -> Tensor {
        bitwiseAnd_(.number(other))
    }
    /// a & b, bit by bit; shapes broadcast.
    ///
    /// - Errors: `.dtype` for floating-point types.
    public static func & (a: Tensor, b: Tensor) -> Tensor { a.bitwiseAnd(b) }
    /// a & b, bit by bit, with one number for all elements.
    public static func & (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseAnd(b) }
}
