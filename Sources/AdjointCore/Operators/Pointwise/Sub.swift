import CAdjoint

/// a - b, element by element, broadcast.
public struct Sub: BinaryChainOp {
    public static let info = OpInfo(
        "sub", family: .pointwise, formula: "a - b", derivative: "1, -1", dtypes: .numeric)
    public static let kernel: BinaryKernel? = BinaryKernel(
        adj_sub_f32, adj_sub_f64, adj_sub_i64)
    public static var samples: [Sample] {
        Sample.binary(Sub(), .uniform(-2, 2), .uniform(-2, 2))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func saves(for wanted: InputSet) -> SavedSet { .none }
    public func value<T: Real>(_ a: T, _ b: T) -> T { a - b }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a &- b }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        i == 0 ? flow : -flow
    }
}

extension Tensor {
    /// The difference, element by element; shapes broadcast, dtypes promote. Booleans have none.
    public static func - (a: consuming Tensor, b: Tensor) -> Tensor {
        apply(Sub(), a, b)
    }
    /// Each element minus a number; the dtype as in `x + 0.5`.
    public static func - (a: consuming Tensor, b: some TensorScalar) -> Tensor {
        apply(Sub(), a, .number(b))
    }
    /// A number minus each element; the dtype as in `x + 0.5`.
    public static func - (a: some TensorScalar, b: consuming Tensor) -> Tensor {
        apply(Sub(), .number(a), b)
    }

    /// This tensor minus `other`. Same as `torch.sub`.
    public func sub(_ other: Tensor) -> Tensor { apply(Sub(), self, other) }
    /// This tensor minus a number. Same as `torch.sub`.
    public func sub(_ other: some TensorScalar) -> Tensor { self - other }
    /// This tensor minus `alpha` times `other`.
    public func sub(_ other: Tensor, alpha: some TensorScalar) -> Tensor { self - other * alpha }
    /// This tensor plus `alpha` times `other`.
    public func add(_ other: Tensor, alpha: some TensorScalar) -> Tensor { self + other * alpha }
    /// Subtracts `other` in place.
    @discardableResult public func sub_(_ other: Tensor) -> Tensor {
        applyInPlace(Sub(), self, other)
    }
    /// Subtracts a number in place.
    @discardableResult public func sub_(_ other: some TensorScalar) -> Tensor {
        sub_(.number(other))
    }
    /// Adds or subtracts `alpha` times `other` in place.
    @discardableResult public func add_(_ other: Tensor, alpha: some TensorScalar) -> Tensor {
        add_(other * alpha)
    }
    /// Subtracts `alpha` times `other` in place.
    @discardableResult public func sub_(_ other: Tensor, alpha: some TensorScalar) -> Tensor {
        sub_(other * alpha)
    }
    /// Subtracts in place: a write to this memory, also through a constant.
    public static func -= (a: Tensor, b: Tensor) { a.sub_(b) }
    /// Subtracts a number in place: a write to this memory, also through a constant.
    public static func -= (a: Tensor, b: some TensorScalar) { a.sub_(b) }
}
