/// a >> b: the bits of whole numbers, moved down; the sign stays.
public struct RightShift: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseRightShift", family: .pointwise, formula: "a >> b",
        torch: "torch.bitwise_right_shift", dtypes: .integer)
    public static var samples: [Sample] { Sample.binary(RightShift(), .indices(8), .indices(8)) }
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a >> b }
}

extension Tensor {
    /// a >> b, element by element. Same as `torch.bitwise_right_shift`.
    public func bitwiseRightShift(_ other: Tensor) -> Tensor {
        apply(RightShift(), Operands(self, other))
    }
    public func bitwiseRightShift(_ other: some TensorScalar) -> Tensor {
        bitwiseRightShift(.number(other))
    }
    @discardableResult public func bitwiseRightShift_(_ other: Tensor) -> Tensor {
        applyInPlace(RightShift(), self, other)
    }
    public static func >> (a: Tensor, b: Tensor) -> Tensor { a.bitwiseRightShift(b) }
    public static func >> (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseRightShift(b) }
}
