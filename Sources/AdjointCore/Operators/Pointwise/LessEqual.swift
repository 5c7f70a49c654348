import CAdjoint

/// a ≤ b, element by element, broadcast. NaN compares false with everything.
public struct LessEqual: ComparisonOp {
    public static let info = OpInfo("le", family: .pointwise, formula: "a ≤ b")
    public static let kernel = ComparisonKernel(adj_le_f32, adj_le_f64, adj_le_i64)
    public static var samples: [Sample] { Sample.binary(LessEqual(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where `a` is at most `b`, element by element; shapes broadcast.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { apply(LessEqual(), Operands(a, b)) }
    /// True where an element is at most a number.
    public static func .<= (a: Tensor, b: some TensorScalar) -> Tensor {
        apply(LessEqual(), Operands(a, .number(b)))
    }
    /// True where a number is at most an element.
    public static func .<= (a: some TensorScalar, b: Tensor) -> Tensor {
        apply(LessEqual(), Operands(.number(a), b))
    }

    /// True where this tensor is at most `other`. Same as `torch.le`.
    public func le(_ other: Tensor) -> Tensor { self .<= other }
    /// True where this tensor is at most a number. Same as `torch.le`.
    public func le(_ other: some TensorScalar) -> Tensor { self .<= other }
    /// Writes 1 where the comparison holds and 0 elsewhere, over this tensor's elements.
    @discardableResult public func le_(_ other: Tensor) -> Tensor { copy_(le(other)) }
    /// Writes 1 where an element is at most a number and 0 elsewhere, over this tensor's elements.
    @discardableResult public func le_(_ other: some TensorScalar) -> Tensor { copy_(le(other)) }
}
