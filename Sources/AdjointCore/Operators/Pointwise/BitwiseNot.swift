/// All bits turned; for booleans, not.
public struct BitwiseNot: ConstantOp {
    public static let info = OpInfo(
        "bitwiseNot", family: .pointwise, formula: "~x", torch: "torch.bitwise_not",
        dtypes: [.integer, .bool])
    public static var samples: [Sample] {
        Sample.unary(BitwiseNot(), over: .indices(8)) + Sample.unary(BitwiseNot(), over: .mask)
    }
    /// The operation; it has no parameters.
    public init() {}

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let flip: Int64 = output.dtype == .bool ? 1 : -1
        let whole = try CPU.dense(inputs.first, .int64)
        try CPU.writing(output, as: .int64) { target in
            let (x, y) = (whole.elements(Int64.self), target.elements(Int64.self))
            CPU.parallel(target.numel) { begin, end in
                for i in begin..<end { y[i] = x[i] ^ flip }
            }
        }
    }
}

extension Tensor {
    /// The complement of each whole number, or of each boolean. Same as `torch.bitwise_not`.
    public func bitwiseNot() -> Tensor { apply(BitwiseNot(), Operands(self)) }
    /// Writes the complement over each element.
    @discardableResult public func bitwiseNot_() -> Tensor { applyInPlace(BitwiseNot(), self) }
    /// The complement, bit by bit; of booleans the other value.
    ///
    /// - Errors: `.dtype` for floating-point types.
    public static prefix func ~ (x: Tensor) -> Tensor { x.bitwiseNot() }
}
