/// a << b: the bits of whole numbers, moved up.
public struct LeftShift: BitwiseOp {
    public static let info = OpInfo(
        "bitwiseLeftShift", family: .pointwise, formula: "a << b",
        torch: "torch.bitwise_left_shift", dtypes: .integer)
    public static var samples: [Sample] { Sample.binary(LeftShift(), .indices(8), .indices(8)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a << b }
}

extension Tensor {
    /// a << b, element by element. Same as `torch.bitwise_left_shift`.
    public func bitwiseLeftShift(_ other: Tensor) -> Tensor {
        apply(LeftShift(), Operands(self, other))
    }
    /// a << b with one number for all elements.
    public func bitwiseLeftShift(_ other: some TensorScalar) -> Tensor {
        bitwiseLeftShift(.number(other))
    }
    /// Writes a << b over this tensor's elements.
    @discardableResult public func bitwiseLeftShift_(_ other: Tensor) -> Tensor {
        applyInPlace(LeftShift(), self, other)
    }
    /// a << b, element by element; shapes broadcast.
    ///
    /// - Errors: `.dtype` for anything but whole numbers.
    public static func << (a: Tensor, b: Tensor) -> Tensor { a.bitwiseLeftShift(b) }
    /// a << b with one number for all elements.
    public static func << (a: Tensor, b: some TensorScalar) -> Tensor { a.bitwiseLeftShift(b) }
}
