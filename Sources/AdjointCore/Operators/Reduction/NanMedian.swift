/// The median of what is not NaN in each row along a dimension, and where it is: of an even number
/// the lower one, NaN where there is nothing else.
public struct NanMedianAlong: PickingOp {
    public static let info = OpInfo(
        "nanmedian", family: .reduction, formula: "the middle x along dim, without NaN",
        derivative: "1 at the position", results: 2)
    public let dim: Int
    public let keepsDim: Bool

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        let sizes = try Axes([dim], keeps: keepsDim).extremes(x.sizes)
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let i = try Dim.resolve(dim, inputs.first.ndim)
        try CPU.pick(inputs.first, dim: i, values: outputs[0], positions: outputs[1]) { usual in
            Swift.max(usual - 1, 0) / 2
        }
    }

    public func along(_ dim: Int) -> Self { Self(dim: dim, keepsDim: keepsDim) }

    public static var samples: [Sample] {
        [
            Sample(NanMedianAlong(dim: 0, keepsDim: false), .init([4, 2], .distinct)),
            Sample(NanMedianAlong(dim: -1, keepsDim: true), .init([2, 3], .distinct)),
            Sample(NanMedianAlong(dim: 0, keepsDim: false), .init([])),
        ]
    }
}

/// The median of all elements that are not NaN. Its gradient is split evenly among ties.
public struct NanMedian: Operator {
    public static let info = OpInfo(
        "nanmedian", family: .reduction, formula: "the middle x, without NaN",
        derivative: "split among ties", dtypes: .numeric)

    public func saves(for wanted: InputSet) -> SavedSet { [.input, .output] }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try Median().result(inputs)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let x = inputs.first
        if x.numel == 0 { return CPU.fill(output, .float(.nan)) }
        let flat = try CPU.dense(x, x.dtype)
        let line = Block(
            flat.storage, Layout(contiguous: [x.numel]).shifted(flat.layout.offset), x.dtype, .cpu)
        try CPU.pick(line, dim: 0, values: output, positions: Block(empty: [], .int64)) { usual in
            Swift.max(usual - 1, 0) / 2
        }
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        cotangent * apply(TieShares(.all), Operands(saved[0], saved.output))
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { ($0 * apply(TieShares(.all), Operands(saved[0], saved.output))).sum() }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let rows = inputs[0].reshape([inputs.size, inputs.sizes(0).product])
        if inputs.sizes(0).product == 0 { return nil }
        return apply(NanMedianAlong(dim: 1, keepsDim: false), Operands(rows))[0]
    }

    public static var samples: [Sample] {
        [
            Sample(NanMedian(), .init([2, 3], .distinct)),
            Sample(NanMedian(), .init([5], .distinct)), Sample(NanMedian(), .init([])),
        ]
    }
}

extension Tensor {
    /// The median of the elements that are not NaN. Same as `torch.nanmedian`.
    public func nanmedian() -> Tensor { apply(NanMedian(), Operands(self)) }

    /// The median along `dim` of what is not NaN, and where it is.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.shape` where it is empty.
    public func nanmedian(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        let found = apply(NanMedianAlong(dim: dim, keepsDim: keepDim), Operands(self))
        return (found[0], found[1])
    }
}
