/// The k-th smallest element of each row along a dimension, and where it is. NaN is the largest.
public struct KthValue: PickingOp {
    public static let info = OpInfo(
        "kthValue", family: .reduction, formula: "the k-th smallest x along dim",
        derivative: "1 at the position", torch: "torch.kthvalue", results: 2)
    /// From 1.
    let k: Int
    public let dim: Int
    public let keepsDim: Bool

    init(_ k: Int, dim: Int, keepsDim: Bool) {
        self.k = k
        self.dim = dim
        self.keepsDim = keepsDim
    }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        let axes = Axes([dim], keeps: keepsDim)
        let sizes = try axes.reduced(x.sizes)
        let length = axes.count(x.sizes)
        if k < 1 || k > length, sizes.product != 0 || length > 0 {
            throw TensorError(.index, "k is \(k), and there are \(length) elements along the dim")
        }
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let i = try Dim.resolve(dim, inputs.first.ndim)
        try CPU.pick(inputs.first, dim: i, values: outputs[0], positions: outputs[1]) { _ in k - 1 }
    }

    public func along(_ dim: Int) -> Self { Self(k, dim: dim, keepsDim: keepsDim) }

    public static var samples: [Sample] {
        [
            Sample(KthValue(2, dim: 0, keepsDim: false), .init([4, 2], .distinct)),
            Sample(KthValue(1, dim: -1, keepsDim: true), .init([2, 3], .distinct)),
            Sample(KthValue(1, dim: 0, keepsDim: false), .init([])),
        ]
    }
}

/// The median of each row along a dimension, and where it is: of an even number the lower one; of
/// a row with a NaN the NaN.
public struct MedianAlong: PickingOp {
    public static let info = OpInfo(
        "median", family: .reduction, formula: "the middle x along dim",
        derivative: "1 at the position", results: 2)
    public let dim: Int
    public let keepsDim: Bool

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        let sizes = try Axes([dim], keeps: keepsDim).extremes(x.sizes)
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let x = inputs.first
        let i = try Dim.resolve(dim, x.ndim)
        try CPU.pick(x, dim: i, values: outputs[0], positions: outputs[1]) { usual in
            usual < CPU.rows(x.sizes, i).reduce ? usual : (usual - 1) / 2
        }
    }

    public func along(_ dim: Int) -> Self { Self(dim: dim, keepsDim: keepsDim) }

    public static var samples: [Sample] {
        [
            Sample(MedianAlong(dim: 0, keepsDim: false), .init([4, 2], .distinct)),
            Sample(MedianAlong(dim: -1, keepsDim: true), .init([2, 3], .distinct)),
            Sample(MedianAlong(dim: 0, keepsDim: false), .init([])),
        ]
    }
}

/// The median of all elements: of an even number the lower one, NaN if there is one, or of none.
/// Its gradient is split evenly among ties.
public struct Median: Operator {
    public static let info = OpInfo(
        "median", family: .reduction, formula: "the middle x", derivative: "split among ties",
        dtypes: .numeric)

    public func saves(for wanted: InputSet) -> SavedSet { [.input, .output] }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        try check(x.dtype)
        if x.numel == 0, !x.dtype.isFloatingPoint {
            throw TensorError(.shape, "there is no median of no whole numbers")
        }
        return TensorSpec([], x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let x = inputs.first
        if x.numel == 0 { return CPU.fill(output, .float(.nan)) }
        let flat = try CPU.dense(x, x.dtype)
        let line = Block(
            flat.storage, Layout(contiguous: [x.numel]).shifted(flat.layout.offset), x.dtype, .cpu)
        try CPU.pick(line, dim: 0, values: output, positions: Block(empty: [], .int64)) { usual in
            usual < x.numel ? usual : (usual - 1) / 2
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
        return apply(MedianAlong(dim: 1, keepsDim: false), Operands(rows))[0]
    }

    public static var samples: [Sample] {
        [
            Sample(Median(), .init([2, 3], .distinct)), Sample(Median(), .init([5], .distinct)),
            Sample(Median(), .init([])),
        ]
    }
}

extension Tensor {
    /// The median of all elements; of an even number of them the lower of the two in the middle.
    public func median() -> Tensor { apply(Median(), Operands(self)) }

    /// The median along `dim`, and where it is.
    ///
    /// - Errors: `.index` for a dimension that is not there, `.shape` where it is empty.
    public func median(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        let found = apply(MedianAlong(dim: dim, keepsDim: keepDim), Operands(self))
        return (found[0], found[1])
    }

    /// The `k`-th smallest element along `dim`, counted from 1, and where it is.
    ///
    /// - Errors: `.index` for a dimension that is not there, or a `k` beyond its size.
    public func kthValue(_ k: Int, dim: Int = -1, keepDim: Bool = false)
        -> (values: Tensor, indices: Tensor)
    {
        let found = apply(KthValue(k, dim: dim, keepsDim: keepDim), Operands(self))
        return (found[0], found[1])
    }
}
