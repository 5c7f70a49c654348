/// The dtype that operands of several dtypes meet in. A tensor with dimensions outweighs a
/// 0-dimensional one, and that a plain number, unless the lighter one is of a higher kind
/// (boolean, integer, floating).
func promotedType(_ a: Tensor, _ b: Tensor) -> DType {
    if a.dtype == b.dtype, !a.isWrappedNumber, !b.isWrappedNumber { return a.dtype }
    let (p, q) = (a.promotionRank, b.promotionRank)
    if p == q { return DType.promote(a.weighedType, b.weighedType) }
    let (heavy, light) = p > q ? (a, b) : (b, a)
    if light.dtype.category.rawValue > heavy.dtype.category.rawValue { return light.weighedType }
    return heavy.weighedType
}

/// The dtype that all of `tensors` meet in.
func promotedType(_ tensors: some Collection<Tensor>) -> DType {
    var ranked: [Int: DType] = [:]
    for tensor in tensors {
        let rank = tensor.promotionRank
        ranked[rank] =
            ranked[rank].map { DType.promote($0, tensor.weighedType) } ?? tensor.weighedType
    }
    var result: DType?
    for rank in ranked.keys.sorted(by: >) {
        let dtype = ranked[rank]!
        if let heavy = result {
            if dtype.category.rawValue > heavy.category.rawValue { result = dtype }
        } else {
            result = dtype
        }
    }
    return result ?? .float32
}

extension Tensor {
    var isWrappedNumber: Bool { flags.contains(.wrappedNumber) }

    fileprivate var promotionRank: Int { isWrappedNumber ? 0 : ndim == 0 ? 1 : 2 }

    /// A plain floating-point number stands for the default type, float32.
    fileprivate var weighedType: DType {
        isWrappedNumber && dtype == .float64 ? .float32 : dtype
    }

    /// A number in an expression, as a 0-dimensional tensor that leaves the dtype to the others.
    static func number(_ value: some TensorScalar) -> Tensor { number(value.scalar) }

    static func number(_ value: Scalar) -> Tensor {
        switch value {
        case .int(let value) where value >= -2 && value <= 4: FrequentNumbers.ints[Int(value + 2)]
        case .float(let value):
            // Halves; a negative zero has a sign to keep.
            if value >= -2 && value <= 4, (value * 2).rounded() == value * 2,
                value != 0 || value.sign == .plus
            {
                FrequentNumbers.halves[Int(value * 2) + 4]
            } else {
                made(.float(value))
            }
        case let value: made(value)
        }
    }

    fileprivate static func made(_ value: Scalar) -> Tensor {
        let tensor = Tensor(empty: [], value.dtype)
        CPU.encode(value, value.dtype, tensor.pointer!)
        tensor.flags.insert(.wrappedNumber)
        return tensor
    }
}

/// The numbers that formulas are full of, made once: `x * 2` takes 190 ns with them and 300 without.
private enum FrequentNumbers {
    static let ints = (-2...4).map { Tensor.made(.int($0)) }
    static let halves = (-4...8).map { Tensor.made(.float(Double($0) / 2)) }
}

/// The shape of two operands together.
func broadcastSizes(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Dims {
    if let sizes = Layout.broadcastSizes(a.sizes, b.sizes) { return sizes }
    throw TensorError(
        .shape,
        "shapes \(a.shape) and \(b.shape) do not broadcast: counted from the last, sizes must be "
            + "equal, or one of them 1")
}

extension AnyOperator {
    /// Checks that an input has a dtype that the operation takes.
    func check(_ dtype: DType) throws(TensorError) {
        if !Self.info.dtypes.contains(dtype) {
            throw TensorError(.dtype, "not implemented for \(dtype) tensors")
        }
    }
}
