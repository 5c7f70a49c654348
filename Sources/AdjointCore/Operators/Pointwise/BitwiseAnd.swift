/// a & b, bit by bit; for booleans the logical connective.
public struct BitwiseAnd: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseAnd", family: .pointwise, formula: "a & b", torch: "torch.bitwise_and",
        dtypes: [.integer, .bool])
    public static var samples: [Sample] {
        Sample.binary(BitwiseAnd(), .indices(8), .indices(8))
            + Sample.binary(BitwiseAnd(), .mask, .mask)
    }
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a & b }
}

extension Tensor {
    /// a & b, bit by bit, of whole numbers or booleans. Same as `torch.bitwise_and`.
    public func bitwiseAnd(_ other: Tensor) -> Tensor { apply(BitwiseAnd(), Operands(self, other)) }
    public func bitwiseAnd(_ other: some TensorScalar) -> Tensor { bitwiseAnd(.number(other)) }
    @discardableResult public func bitwiseAnd_(_ other: Tensor) -> Tensor {
        applyInPlace(BitwiseAnd(), self, other)
    }
    @discardableResult public func bitwiseAnd_(_ other: some TensorScalar) -> Tensor {
        bitwiseAnd_(.number(other))
    }
    public static func & (a: Tensor, b: Tensor) -> Tensor { a.bitwiseAnd(b) }
    public static func & (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseAnd(b) }
}
