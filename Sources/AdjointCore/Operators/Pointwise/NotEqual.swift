import CAdjoint

/// a ≠ b, element by element, broadcast. NaN differs from everything, itself too.
public struct NotEqual: ComparisonOp {
    public static let info = OpInfo("ne", family: .pointwise, formula: "a ≠ b")
    public static let kernel = ComparisonKernel(adj_ne_f32, adj_ne_f64, adj_ne_i64)
    public static var samples: [Sample] { Sample.binary(NotEqual(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where `a` differs from `b`, element by element; shapes broadcast.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { apply(NotEqual(), Operands(a, b)) }
    /// True where an element differs from a number.
    public static func .!= (a: Tensor, b: some TensorScalar) -> Tensor {
        apply(NotEqual(), Operands(a, .number(b)))
    }
    /// True where a number differs from an element.
    public static func .!= (a: some TensorScalar, b: Tensor) -> Tensor {
        apply(NotEqual(), Operands(.number(a), b))
    }

    /// True where this tensor differs from `other`. Same as `torch.ne`.
    public func ne(_ other: Tensor) -> Tensor { self .!= other }
    /// True where this tensor differs from a number. Same as `torch.ne`.
    public func ne(_ other: some TensorScalar) -> Tensor { self .!= other }
    /// Writes 1 where the comparison holds and 0 elsewhere, over this tensor's elements.
    @discardableResult public func ne_(_ other: Tensor) -> Tensor { copy_(ne(other)) }
    /// Writes 1 where an element differs from a number and 0 elsewhere, over this tensor's
    /// elements.
    @discardableResult public func ne_(_ other: some TensorScalar) -> Tensor { copy_(ne(other)) }
}
