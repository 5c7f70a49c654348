import CAdjoint

/// a · b, element by element, broadcast.
public struct Mul: BinaryPointwiseOp {
    public static let info = OpInfo("mul", family: .pointwise, formula: "a · b", derivative: "b, a")
    public static let kernel: BinaryKernel? = BinaryKernel(
        adj_mul_f32, adj_mul_f64, adj_mul_i64)
    public static var samples: [Sample] {
        Sample.binary(Mul(), .uniform(-2, 2), .uniform(-2, 2))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func saves(for wanted: InputSet) -> SavedSet { .factors(wanted) }
    public func value<T: Real>(_ a: T, _ b: T) -> T { a * b }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a &* b }
    public func derivative(wrt i: Int, _ saved: Saved) -> Tensor { saved[1 - i] }
}

extension Tensor {
    /// The product, element by element; shapes broadcast, dtypes promote.
    public static func * (a: consuming Tensor, b: Tensor) -> Tensor {
        apply(Mul(), a, b)
    }
    /// Each element times a number; the dtype as in `x + 0.5`.
    public static func * (a: consuming Tensor, b: some TensorScalar) -> Tensor {
        apply(Mul(), a, .number(b))
    }
    /// A number times each element; the dtype as in `x + 0.5`.
    public static func * (a: some TensorScalar, b: consuming Tensor) -> Tensor {
        apply(Mul(), .number(a), b)
    }

    /// This tensor times `other`, element by element. Same as `torch.mul`.
    public func mul(_ other: Tensor) -> Tensor { apply(Mul(), self, other) }
    /// This tensor times a number. Same as `torch.mul`.
    public func mul(_ other: some TensorScalar) -> Tensor { self * other }
    /// Multiplies in place.
    @discardableResult public func mul_(_ other: Tensor) -> Tensor {
        applyInPlace(Mul(), self, other)
    }
    /// Multiplies by a number in place.
    @discardableResult public func mul_(_ other: some TensorScalar) -> Tensor {
        mul_(.number(other))
    }
    /// Multiplies in place: a write to this memory, also through a constant.
    public static func *= (a: Tensor, b: Tensor) { a.mul_(b) }
    /// Multiplies by a number in place: a write to this memory, also through a constant.
    public static func *= (a: Tensor, b: some TensorScalar) { a.mul_(b) }
}
