/// a >> b: the bits of whole numbers, moved down; the sign stays.
public struct RightShift: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseRightShift", family: .pointwise, formula: "a >> b",
        torch: "torch.bitwise_right_shift", dtypes: .integer)
    public static var samples: [Sample] { Sample.binary(RightShift(), .indices(8), .indices(8)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a >> b }
}

extension Tensor {
    /// a >> b, element by element. Same as `torch.bitwise_right_shift`.
    public func bitwiseRightShift(_ other: Tensor) -> Tensor {
        apply(RightShift(), Operands(self, other))
    }
    /// a >> b with one number for all elements.
    public func bitwiseRightShift(_ other: some TensorScalar) -> Tensor {
        bitwiseRightShift(.number(other))
    }
    /// Writes a >> b over this tensor's elements.
    @discardableResult public func bitwiseRightShift_(_ other: Tensor) -> Tensor {
        applyInPlace(RightShift(), self, other)
    }
    /// a >> b, element by element; shapes broadcast.
    ///
    /// - Errors: `.dtype` for anything but whole numbers.
    public static func >> (a: Tensor, b: Tensor) -> Tensor { a.bitwiseRightShift(b) }
    /// a >> b with one number for all elements.
    public static func >> (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseRightShift(b) }
}
