import CAdjoint

/// a ≥ b, element by element, broadcast. NaN compares false with everything.
public struct GreaterEqual: ComparisonOp {
    public static let info = OpInfo("ge", family: .pointwise, formula: "a ≥ b")
    public static let kernel = ComparisonKernel(adj_ge_f32, adj_ge_f64, adj_ge_i64)
    public static var samples: [Sample] { Sample.binary(GreaterEqual(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where `a` is at least `b`, element by element; shapes broadcast.
    public static func .>= (a: Tensor, b: Tensor) -> Tensor {
        apply(GreaterEqual(), Operands(a, b))
    }
    /// True where an element is at least a number.
    public static func .>= (a: Tensor, b: some TensorScalar) -> Tensor {
        apply(GreaterEqual(), Operands(a, .number(b)))
    }
    /// True where a number is at least an element.
    public static func .>= (a: some TensorScalar, b: Tensor) -> Tensor {
        apply(GreaterEqual(), Operands(.number(a), b))
    }

    /// True where this tensor is at least `other`. Same as `torch.ge`.
    public func ge(_ other: Tensor) -> Tensor { self .>= other }
    /// True where this tensor is at least a number. Same as `torch.ge`.
    public func ge(_ other: some TensorScalar) -> Tensor { self .>= other }
    /// Writes 1 where the comparison holds and 0 elsewhere, over this tensor's elements.
    @discardableResult public func ge_(_ other: Tensor) -> Tensor { copy_(ge(other)) }
    /// Writes 1 where an element is at least a number and 0 elsewhere, over this tensor's elements.
    @discardableResult public func ge_(_ other: some TensorScalar) -> Tensor { copy_(ge(other)) }
}
