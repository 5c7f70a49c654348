/// a << b: the bits of whole numbers, moved up.
public struct LeftShift: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseLeftShift", family: .pointwise, formula: "a << b",
        torch: "torch.bitwise_left_shift", dtypes: .integer)
    public static var samples: [Sample] { Sample.binary(LeftShift(), .indices(8), .indices(8)) }
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a << b }
}

extension Tensor {
    /// a << b, element by element. Same as `torch.bitwise_left_shift`.
    public func bitwiseLeftShift(_ other: Tensor) -> Tensor {
        apply(LeftShift(), Operands(self, other))
    }
    public func bitwiseLeftShift(_ other: some TensorScalar) -> Tensor {
        bitwiseLeftShift(.number(other))
    }
    @discardableResult public func bitwiseLeftShift_(_ other: Tensor) -> Tensor {
        applyInPlace(LeftShift(), self, other)
    }
    public static func << (a: Tensor, b: Tensor) -> Tensor { a.bitwiseLeftShift(b) }
    public static func << (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseLeftShift(b) }
}
