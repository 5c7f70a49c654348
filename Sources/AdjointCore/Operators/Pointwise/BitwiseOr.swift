/// a | b, bit by bit; for booleans the logical connective.
public struct BitwiseOr: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseOr", family: .pointwise, formula: "a | b", torch: "torch.bitwise_or",
        dtypes: [.integer, .bool])
    public static var samples: [Sample] {
        Sample.binary(BitwiseOr(), .indices(8), .indices(8))
            + Sample.binary(BitwiseOr(), .mask, .mask)
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a | b }
}

extension Tensor {
    /// a | b, bit by bit, of whole numbers or booleans. Same as `torch.bitwise_or`.
    public func bitwiseOr(_ other: Tensor) -> Tensor { apply(BitwiseOr(), Operands(self, other)) }
    /// a | b, bit by bit, with one number for all elements.
    public func bitwiseOr(_ other: some TensorScalar) -> Tensor { bitwiseOr(.number(other)) }
    /// Writes a | b over this tensor's elements.
    @discardableResult public func bitwiseOr_(_ other: Tensor) -> Tensor {
        applyInPlace(BitwiseOr(), self, other)
    }
    /// Writes a | b, with one number for all elements, over this tensor's.
    @discardableResult public func bitwiseOr_(_ other: some TensorScalar) -> Tensor {
        bitwiseOr_(.number(other))
    }
    /// a | b, bit by bit; shapes broadcast.
    ///
    /// - Errors: `.dtype` for floating-point types.
    public static func | (a: Tensor, b: Tensor) -> Tensor { a.bitwiseOr(b) }
    /// a | b, bit by bit, with one number for all elements.
    public static func | (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseOr(b) }
}
