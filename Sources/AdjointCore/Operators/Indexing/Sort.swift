/// The elements in order along a dimension, and where they came from. Equal ones keep their order;
/// NaN counts as the largest.
public struct Sort: PickingOp {
    public static let info = OpInfo(
        "sort", family: .indexing, formula: "x in order along dim",
        derivative: "the gradient put back", results: 2)
    public let dim: Int
    let descending: Bool
    public var keepsDim: Bool { true }

    init(dim: Int, descending: Bool) {
        self.dim = dim
        self.descending = descending
    }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        _ = try Dim.resolve(dim, x.ndim)
        return [x.spec, TensorSpec(x.sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let i = try Dim.resolve(dim, inputs.first.ndim)
        try CPU.sort(
            inputs.first, dim: i, descending: descending, values: outputs[0],
            positions: outputs[1])
    }

    public func along(_ dim: Int) -> Self { Self(dim: dim, descending: descending) }

    public static var samples: [Sample] {
        [
            Sample(Sort(dim: 0, descending: false), .init([4, 2], .distinct)),
            Sample(Sort(dim: -1, descending: true), .init([2, 3], .distinct)),
            Sample(Sort(dim: 0, descending: false), .init([])),
            Sample(Sort(dim: 1, descending: false), .init([2, 0])),
        ]
    }
}

/// The k largest (or smallest) elements along a dimension, in order, and where they came from.
public struct TopK: PickingOp {
    public static let info = OpInfo(
        "topk", family: .indexing, formula: "the k largest x along dim",
        derivative: "the gradient put back", results: 2)
    let k: Int
    public let dim: Int
    let largest: Bool
    public var keepsDim: Bool { true }

    init(_ k: Int, dim: Int, largest: Bool = true) {
        self.k = k
        self.dim = dim
        self.largest = largest
    }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        let i = try Dim.resolve(dim, x.ndim)
        var sizes = x.sizes
        let length = x.ndim == 0 ? 1 : sizes[i]
        if k < 0 || k > length {
            throw TensorError(.index, "k is \(k), and there are \(length) elements along the dim")
        }
        if x.ndim > 0 { sizes[i] = k }
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let x = inputs.first
        let i = try Dim.resolve(dim, x.ndim)
        try CPU.sort(
            x, dim: i, descending: largest, first: x.ndim == 0 ? 1 : k, values: outputs[0],
            positions: outputs[1])
    }

    public func along(_ dim: Int) -> Self { Self(k, dim: dim, largest: largest) }

    public static var samples: [Sample] {
        [
            Sample(TopK(2, dim: 0), .init([4, 2], .distinct)),
            Sample(TopK(1, dim: -1), .init([2, 5], .distinct)),
            Sample(TopK(2, dim: 1, largest: false), .init([2, 3, 2], .distinct)),
            Sample(TopK(1, dim: 0), .init([])), Sample(TopK(0, dim: 0), .init([3])),
        ]
    }
}

extension Tensor {
    /// The elements in order along `dim`, and their positions before. Equal elements keep their
    /// order, NaN counts as the largest.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func sort(dim: Int = -1, descending: Bool = false)
        -> (values: Tensor, indices: Tensor)
    {
        let sorted = apply(Sort(dim: dim, descending: descending), Operands(self))
        return (sorted[0], sorted[1])
    }

    /// The positions that sort this tensor along `dim`.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func argsort(dim: Int = -1, descending: Bool = false) -> Tensor {
        noGrad { sort(dim: dim, descending: descending).indices }
    }

    /// The `k` largest (or smallest) elements along `dim`, in order, and their positions. Of equal
    /// elements the first come first.
    ///
    /// - Errors: `.index` for a dimension that is not there, or a `k` beyond its size.
    public func topk(_ k: Int, dim: Int = -1, largest: Bool = true)
        -> (values: Tensor, indices: Tensor)
    {
        let found = apply(TopK(k, dim: dim, largest: largest), Operands(self))
        return (found[0], found[1])
    }
}
