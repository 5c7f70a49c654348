/// A value where a mask holds, x elsewhere.
public struct MaskedFill: Operator {
    public static let info = OpInfo(
        "maskedFill", family: .pointwise, formula: "m ? v : x", derivative: "¬m, -, Σ m",
        torch: "torch.Tensor.masked_fill")
    public static var worksInPlace: Bool { true }
    public static var samples: [Sample] {
        let shapes: [(Dims, Dims)] = [
            ([2, 3], [2, 3]), ([2, 3], [3]), ([3], [2, 3]), ([], []), ([0], [0]),
        ]
        return shapes.map { Sample(MaskedFill(), .init($0.0), .init($0.1, .mask), .init([])) }
    }
    /// The operation; it has no parameters.
    public init() {}

    public func saves(for wanted: InputSet) -> SavedSet { .second }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, mask, value) = (inputs.first, inputs.second!, inputs.third!)
        if mask.dtype != .bool {
            throw TensorError(.dtype, "expected a mask of dtype bool, but got \(mask.dtype)")
        }
        if value.ndim != 0 {
            throw TensorError(
                .shape,
                "the value must be a number or a 0-dimensional tensor, not one of shape "
                    + "\(value.shape); Tensor.where takes tensors")
        }
        return TensorSpec(try broadcastSizes(x, mask), x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.select(inputs.second!, inputs.third!, inputs.first, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        switch i {
        case 0: Chain.branch(cotangent, switchedOff: saved[1])
        case 2: Chain.branch(cotangent, switchedOff: saved[1].logicalNot())
        default: nil
        }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        Tensor.where(saved[1], tangents.c ?? .number(0), tangents.a ?? .number(0))
    }
    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let aligned = inputs.aligned()
        if !inputs.isBatched(2) { return apply(self, aligned) }
        return Tensor.where(aligned[1], aligned[2].to(aligned[0].dtype), aligned[0])
    }
}

extension Tensor {
    /// This tensor with `value` where `mask` is true; the two broadcast. No gradient, and no NaN,
    /// comes back from what was covered. Same as `torch.Tensor.masked_fill`.
    public func maskedFill(_ mask: Tensor, _ value: Tensor) -> Tensor {
        apply(MaskedFill(), Operands(self, mask, value))
    }
    /// This tensor with a number where `mask` is true; the two broadcast.
    public func maskedFill(_ mask: Tensor, _ value: some TensorScalar) -> Tensor {
        maskedFill(mask, .number(value))
    }
    /// Writes `value` where `mask` is true.
    @discardableResult public func maskedFill_(_ mask: Tensor, _ value: Tensor) -> Tensor {
        applyInPlace(MaskedFill(), self, mask, value)
    }
    /// Writes a number where `mask` is true.
    @discardableResult
    public func maskedFill_(_ mask: Tensor, _ value: some TensorScalar) -> Tensor {
        maskedFill_(mask, .number(value))
    }
}
