import CAdjoint

/// a < b, element by element, broadcast. NaN compares false with everything.
public struct Less: ComparisonOp {
    public static let info = OpInfo("lt", family: .pointwise, formula: "a < b")
    public static let kernel = ComparisonKernel(adj_lt_f32, adj_lt_f64, adj_lt_i64)
    public static var samples: [Sample] { Sample.binary(Less(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where `a` is below `b`, element by element; shapes broadcast.
    public static func .< (a: Tensor, b: Tensor) -> Tensor { apply(Less(), Operands(a, b)) }
    /// True where an element is below a number.
    public static func .< (a: Tensor, b: some TensorScalar) -> Tensor {
        apply(Less(), Operands(a, .number(b)))
    }
    /// True where a number is below an element.
    public static func .< (a: some TensorScalar, b: Tensor) -> Tensor {
        apply(Less(), Operands(.number(a), b))
    }

    /// True where this tensor is below `other`. Same as `torch.lt`.
    public func lt(_ other: Tensor) -> Tensor { self .< other }
    /// True where this tensor is below a number. Same as `torch.lt`.
    public func lt(_ other: some TensorScalar) -> Tensor { self .< other }
    /// Writes 1 where the comparison holds and 0 elsewhere, over this tensor's elements.
    @discardableResult public func lt_(_ other: Tensor) -> Tensor { copy_(lt(other)) }
    /// Writes 1 where an element is below a number and 0 elsewhere, over this tensor's elements.
    @discardableResult public func lt_(_ other: some TensorScalar) -> Tensor { copy_(lt(other)) }
}
