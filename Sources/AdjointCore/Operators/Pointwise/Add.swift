import CAdjoint

/// a + b, element by element, broadcast.
public struct Add: BinaryPointwiseOp {
    public static let info = OpInfo("add", family: .pointwise, formula: "a + b", derivative: "1, 1")
    public static let kernel: BinaryKernel? = BinaryKernel(
        adj_add_f32, adj_add_f64, adj_add_i64)
    public static var samples: [Sample] {
        Sample.binary(Add(), .uniform(-2, 2), .uniform(-2, 2))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func saves(for wanted: InputSet) -> SavedSet { .none }
    public func value<T: Real>(_ a: T, _ b: T) -> T { a + b }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }

    // The derivatives are 1: nothing is multiplied.
    public func derivative(wrt i: Int, _ saved: Saved) -> Tensor { Tensor.number(1.0) }
    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? { cotangent }
    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        Chain.sum(tangents.a, tangents.b)
    }
}

extension Tensor {
    /// The sum, element by element; shapes broadcast, dtypes promote.
    public static func + (a: consuming Tensor, b: Tensor) -> Tensor {
        apply(Add(), a, b)
    }
    /// Each element plus a number. The dtype changes only to hold the number's kind: int64 plus 0.5
    /// is float32.
    public static func + (a: consuming Tensor, b: some TensorScalar) -> Tensor {
        apply(Add(), a, .number(b))
    }
    /// A number plus each element; the dtype as in `x + 0.5`.
    public static func + (a: some TensorScalar, b: consuming Tensor) -> Tensor {
        apply(Add(), .number(a), b)
    }

    /// This tensor plus `other`. Same as `torch.add`.
    public func add(_ other: Tensor) -> Tensor { apply(Add(), self, other) }
    /// This tensor plus a number. Same as `torch.add`.
    public func add(_ other: some TensorScalar) -> Tensor { self + other }
    /// Adds `other` in place.
    @discardableResult public func add_(_ other: Tensor) -> Tensor {
        applyInPlace(Add(), self, other)
    }
    /// Adds a number in place.
    ///
    /// - Errors: `.dtype` where this tensor's type cannot hold the sum, as int64 plus 0.5.
    @discardableResult public func add_(_ other: some TensorScalar) -> Tensor {
        add_(.number(other))
    }
    /// Adds in place: a write to this memory, also through a constant.
    public static func += (a: Tensor, b: Tensor) { a.add_(b) }
    /// Adds a number in place: a write to this memory, also through a constant.
    public static func += (a: Tensor, b: some TensorScalar) { a.add_(b) }
}
