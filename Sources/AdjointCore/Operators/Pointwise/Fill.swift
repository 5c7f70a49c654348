/// The same number everywhere. What was there before has no influence: its gradient is 0.
public struct Fill: Operator {
    public static let info = OpInfo(
        "fill", family: .pointwise, formula: "v", derivative: "0", torch: "torch.Tensor.fill_")
    public static var worksInPlace: Bool { true }
    public static var samples: [Sample] { Sample.unary(Fill(.float(2.5)), over: .uniform(-2, 2)) }
    let value: Scalar
    /// Writes `value` over every element.
    public init(_ value: Scalar) { self.value = value }

    public func saves(for wanted: InputSet) -> SavedSet { .none }
    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }
    public func compute(_ inputs: Operands, into output: Tensor) { CPU.fill(output, value) }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Tangents.zeros(cotangent.spec, cotangent.device)
    }
    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { Tangents.zeros($0.spec, $0.device) }
    }
}

extension Tensor {
    /// A tensor of this shape and dtype with `value` everywhere. Same as `torch.fill`.
    public func fill(_ value: some TensorScalar) -> Tensor {
        apply(Fill(value.scalar), Operands(self))
    }
    /// A tensor of this shape and dtype with the one element of `value` everywhere; it gets the sum
    /// of the gradients.
    ///
    /// - Errors: `.shape` where `value` has dimensions.
    public func fill(_ value: Tensor) -> Tensor {
        if value.ndim == 0 { return apply(Copy(), Operands(self, value)) }
        return refusal("fill", Tensor.filledBy(value))
    }
    /// Writes `value` everywhere. Same as `torch.Tensor.fill_`.
    @discardableResult public func fill_(_ value: some TensorScalar) -> Tensor {
        applyInPlace(Fill(value.scalar), self)
    }
    /// Writes the one element of `value` everywhere; it gets the sum of the gradients.
    ///
    /// - Errors: `.shape` where `value` has dimensions.
    @discardableResult public func fill_(_ value: Tensor) -> Tensor {
        if value.ndim == 0 { return copy_(value) }
        Failure.raise(
            TensorError(.shape, Tensor.filledBy(value).message, operation: "fill_"))
        return self
    }
    /// Writes 0 everywhere. Same as `torch.Tensor.zero_`.
    @discardableResult public func zero_() -> Tensor { applyInPlace(Fill(.int(0)), self) }

    private static func filledBy(_ value: Tensor) -> TensorError {
        TensorError(
            .shape,
            "the value must be a number or a 0-dimensional tensor, not one of shape "
                + "\(value.shape); copy_ takes tensors")
    }
}
