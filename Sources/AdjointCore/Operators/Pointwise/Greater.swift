import CAdjoint

/// a > b, element by element, broadcast. NaN compares false with everything.
public struct Greater: ComparisonOp {
    public static let info = OpInfo("gt", family: .pointwise, formula: "a > b")
    public static let kernel = ComparisonKernel(adj_gt_f32, adj_gt_f64, adj_gt_i64)
    public static var samples: [Sample] { Sample.binary(Greater(), .distinct, .distinct) }
    /// The operation; it has no parameters.
    public init() {}
}

extension Tensor {
    /// True where `a` is above `b`, element by element; shapes broadcast.
    public static func .> (a: Tensor, b: Tensor) -> Tensor { apply(Greater(), Operands(a, b)) }
    /// True where an element is above a number.
    public static func .> (a: Tensor, b: some TensorScalar) -> Tensor {
        apply(Greater(), Operands(a, .number(b)))
    }
    /// True where a number is above an element.
    public static func .> (a: some TensorScalar, b: Tensor) -> Tensor {
        apply(Greater(), Operands(.number(a), b))
    }

    /// True where this tensor is above `other`. Same as `torch.gt`.
    public func gt(_ other: Tensor) -> Tensor { self .> other }
    /// True where this tensor is above a number. Same as `torch.gt`.
    public func gt(_ other: some TensorScalar) -> Tensor { self .> other }
    /// Writes 1 where the comparison holds and 0 elsewhere, over this tensor's elements.
    @discardableResult public func gt_(_ other: Tensor) -> Tensor { copy_(gt(other)) }
    /// Writes 1 where an element is above a number and 0 elsewhere, over this tensor's elements.
    @discardableResult public func gt_(_ other: some TensorScalar) -> Tensor { copy_(gt(other)) }
}
