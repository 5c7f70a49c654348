/// The slices of one dimension, or of a run of them counted row-major, at given positions: the
/// positions' shape takes the place of the run.
public struct IndexSelect: PositionedOp {
    public static let info = OpInfo(
        "indexSelect", family: .indexing, formula: "x[..., index, ...]",
        derivative: "the gradient added at the positions", torch: "torch.index_select")
    let dim: Int
    /// How many dimensions the positions count through.
    let span: Int

    init(dim: Int, span: Int = 1) {
        self.dim = dim
        self.span = span
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, index) = (inputs.first, inputs.second!)
        try checkPositions(index)
        return TensorSpec(
            try IndexedRun(x.sizes, dim, span).replaced(by: index.sizes), x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let run = try IndexedRun(inputs.first.sizes, dim, span)
        let positions = try CPU.positions(inputs.second!, below: run.size)
        try CPU.select(
            inputs.first, positions, outer: run.outer, size: run.size, inner: run.inner,
            into: output)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(
            IndexSelectBackward(dim: dim, span: span, saved.sizes(0)),
            Operands(cotangent, saved[1]))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        guard inputs.isBatched(1) else {
            return apply(
                IndexSelect(dim: try inputs.dim(dim), span: span), Operands(inputs[0], inputs[1]))
        }
        let rows = BatchedRun(inputs, try IndexedRun(inputs.sizes(0), dim, span), 1)
        let picked = apply(IndexSelect(dim: 0), Operands(rows.folded(inputs.whole(0)), rows.index))
        return rows.spread(picked, over: rows.indexRank)
    }

    public static var samples: [Sample] {
        [
            Sample(IndexSelect(dim: 0), .init([3, 2]), .init([4], .indices(3))),
            Sample(IndexSelect(dim: -1), .init([2, 3]), .init([2], .indices(3))),
            Sample(IndexSelect(dim: 1, span: 2), .init([2, 3, 2]), .init([2, 2], .indices(6))),
            Sample(IndexSelect(dim: 0), .init([3, 2]), .init([], .indices(3))),
            Sample(IndexSelect(dim: 0), .init([3, 2]), .init([0], .indices(3))),
        ]
    }
}

/// The transpose of `IndexSelect`: slices added up at their positions, among zeros.
struct IndexSelectBackward: PositionedOp {
    static let info = OpInfo(
        "indexSelectBackward", family: .indexing, formula: "x added at the positions, among zeros",
        derivative: "the gradient's slices at the positions", torch: "")
    let dim: Int
    let span: Int
    let sizes: Dims

    init(dim: Int, span: Int, _ sizes: Dims) {
        self.dim = dim
        self.span = span
        self.sizes = sizes
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, index) = (inputs.first, inputs.second!)
        try checkPositions(index)
        try x.check(sizes: try IndexedRun(sizes, dim, span).replaced(by: index.sizes))
        return TensorSpec(sizes, x.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let run = try IndexedRun(sizes, dim, span)
        let positions = try CPU.positions(inputs.second!, below: run.size)
        CPU.fill(output, .int(0))
        try CPU.add(
            inputs.first, positions, outer: run.outer, size: run.size, inner: run.inner,
            into: output)
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(IndexSelect(dim: dim, span: span), Operands(cotangent, saved[1]))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        guard inputs.isBatched(1) else {
            let dim = try Dim.resolve(dim, sizes.count) + 1
            let whole = Dims([inputs.size] + sizes)
            return apply(
                IndexSelectBackward(dim: dim, span: span, whole), Operands(inputs[0], inputs[1]))
        }
        let rows = BatchedRun(inputs, try IndexedRun(sizes, dim, span), 1)
        let slices = rows.gathered(inputs.whole(0), rows.indexRank)
        let sum = apply(
            IndexSelectBackward(dim: 0, span: 1, rows.foldedSizes), Operands(slices, rows.index))
        return rows.unfolded(sum)
    }

    static var samples: [Sample] {
        [
            Sample(
                IndexSelectBackward(dim: 1, span: 1, [2, 3]), .init([2, 4]),
                .init([4], .indices(3)))
        ]
    }
}

/// A run of dimensions that positions count through row-major, with what lies before and after.
struct IndexedRun {
    let sizes: Dims
    let first: Int
    let span: Int
    let outer: Int
    let size: Int
    let inner: Int

    init(_ sizes: Dims, _ dim: Int, _ span: Int) throws(TensorError) {
        first = try Dim.resolve(dim, sizes.count)
        self.sizes = sizes
        self.span = Swift.min(span, sizes.count - first)
        outer = Dims(sizes.prefix(first)).product
        size = Dims(sizes[first..<(first + Swift.max(self.span, 0))]).product
        inner = Dims(sizes.dropFirst(first + self.span)).product
    }

    /// The shape with the run replaced by `index`.
    func replaced(by index: Dims) -> Dims {
        Dims(Array(sizes.prefix(first)) + Array(index) + Array(sizes.dropFirst(first + span)))
    }
}

extension Tensor {
    /// The slices of dimension `dim` at the positions `index`, a vector (or one number): a copy.
    /// Same as `torch.index_select`.
    ///
    /// - Errors: `.index` for a position outside the dimension, `.dtype` for positions that are
    ///   not integers, `.shape` for an index of several dimensions.
    public func indexSelect(dim: Int, index: Tensor) -> Tensor {
        if index.ndim > 1 {
            return Failure.poison(
                TensorError(
                    .shape, "the index is a vector, and this one has shape \(index.shape)",
                    operation: "indexSelect"), like: sizes, dtype)
        }
        if ndim == 0 {
            return unsqueeze(0).indexSelect(dim: dim, index: index).reshape([])
        }
        let vector = index.ndim == 0 ? index.unsqueeze(0) : index
        return apply(IndexSelect(dim: dim), Operands(self, vector))
    }

    /// The elements of the flat tensor at the positions `index`, in the index's shape. Negative
    /// positions count from the end. Same as `torch.take`.
    public func take(_ index: Tensor) -> Tensor {
        let flat = apply(FlatPositions([numel]), Operands(index))
        return apply(IndexSelect(dim: 0), Operands(reshape(-1), flat))
    }
}
