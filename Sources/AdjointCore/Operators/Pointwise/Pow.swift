import CAdjoint

infix operator ** : BitwiseShiftPrecedence

/// a to the power b, element by element, broadcast.
public struct Pow: BinaryChainOp {
    public static let info = OpInfo(
        "pow", family: .pointwise, formula: "aᵇ", derivative: "b aᵇ⁻¹, aᵇ log a", dtypes: .numeric)
    public static let kernel: BinaryKernel? = BinaryKernel(adj_pow_f32, adj_pow_f64)
    public static var samples: [Sample] {
        Sample.binary(Pow(), .uniform(0.3, 2), .uniform(-2, 2))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func saves(for wanted: InputSet) -> SavedSet {
        wanted.contains(1) ? [.inputs, .output] : .inputs
    }
    public func value<T: Real>(_ a: T, _ b: T) -> T { .pow(a, b) }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { wholePower(a, b) }

    /// Where the limit of the formula depends on the direction, the value is PyTorch's: 0 for the
    /// base of a power 0, and for the exponent of a base 0 (unless that power is infinite).
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        let (a, b) = saved.pair
        if i == 0 { return Tensor.where(b .== 0, 0, flow * (b * a ** (b - 1))) }
        return Tensor.where(
            (a .== 0).logicalAnd(b .>= 0), 0, flow * (saved.output * a.log()))
    }
}

/// The power of whole numbers, modulo 2⁶⁴. A negative exponent gives what is left of 1 / aᵇ.
func wholePower(_ a: Int64, _ b: Int64) -> Int64 {
    if b < 0 { return a == 1 ? 1 : a == -1 ? (b & 1 == 0 ? 1 : -1) : 0 }
    var (result, base, exponent) = (Int64(1), a, b)
    while exponent > 0 {
        if exponent & 1 == 1 { result = result &* base }
        base = base &* base
        exponent >>= 1
    }
    return result
}

extension Tensor {
    /// The power, element by element; shapes broadcast, dtypes promote.
    public static func ** (base: Tensor, exponent: Tensor) -> Tensor {
        apply(Pow(), Operands(base, exponent))
    }
    /// Each element to the power of a number. Whole numbers stay whole for a whole exponent from 0
    /// on.
    public static func ** (base: Tensor, exponent: some TensorScalar) -> Tensor {
        apply(PowScalar(exponent.scalar), Operands(base))
    }
    /// A number to the power of each element.
    public static func ** (base: some TensorScalar, exponent: Tensor) -> Tensor {
        apply(Pow(), Operands(.number(base), exponent))
    }

    /// This tensor to the power `exponent`. Same as `torch.pow`.
    public func pow(_ exponent: Tensor) -> Tensor { self ** exponent }
    /// This tensor to the power of a number. Same as `torch.pow`.
    public func pow(_ exponent: some TensorScalar) -> Tensor { self ** exponent }
    /// Writes the power in place.
    @discardableResult public func pow_(_ exponent: Tensor) -> Tensor {
        applyInPlace(Pow(), self, exponent)
    }
    /// Writes the power of a number in place.
    @discardableResult public func pow_(_ exponent: some TensorScalar) -> Tensor {
        applyInPlace(PowScalar(exponent.scalar), self)
    }
    /// x² for each element `x`. Same as `torch.square`.
    public func square() -> Tensor { self ** 2 }
    /// Writes x² over each element `x`.
    @discardableResult public func square_() -> Tensor { pow_(2) }
}
