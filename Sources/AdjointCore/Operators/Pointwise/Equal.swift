import CAdjoint

/// a = b, element by element, broadcast. NaN differs from everything, itself too.
public struct Equal: ComparisonOp {
    public static let info = OpInfo("eq", family: .pointwise, formula: "a = b")
    public static let kernel = ComparisonKernel(adj_eq_f32, adj_eq_f64, adj_eq_i64)
    public static var samples: [Sample] { Sample.binary(Equal(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where `a` equals `b`, element by element; shapes broadcast.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { apply(Equal(), Operands(a, b)) }
    /// True where an element equals a number.
    public static func .== (a: Tensor, b: some TensorScalar) -> Tensor {
        apply(Equal(), Operands(a, .number(b)))
    }
    /// True where a number equals an element.
    public static func .== (a: some TensorScalar, b: Tensor) -> Tensor {
        apply(Equal(), Operands(.number(a), b))
    }

    /// True where this tensor equals `other`. Same as `torch.eq`.
    public func eq(_ other: Tensor) -> Tensor { self .== other }
    /// True where this tensor equals a number. Same as `torch.eq`.
    public func eq(_ other: some TensorScalar) -> Tensor { self .== other }
    /// Writes 1 where the comparison holds and 0 elsewhere, over this tensor's elements.
    @discardableResult public func eq_(_ other: Tensor) -> Tensor { copy_(eq(other)) }
    /// Writes 1 where an element equals a number and 0 elsewhere, over this tensor's elements.
    @discardableResult public func eq_(_ other: some TensorScalar) -> Tensor { copy_(eq(other)) }
}
