/// x with slices of another tensor added at positions of one dimension, or of a run of them.
public struct IndexAdd: PositionedOp {
    public static let info = OpInfo(
        "indexAdd", family: .indexing, formula: "x[..., index, ...] + y",
        derivative: "the gradient, and its slices at the positions", torch: "torch.index_add")
    public static let worksInPlace = true
    let dim: Int
    let span: Int

    init(dim: Int, span: Int = 1) {
        self.dim = dim
        self.span = span
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try checkPositions(inputs.second!)
        try IndexedRun(inputs.first.sizes, dim, span).check(inputs)
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (run, positions, source) = try IndexedRun(inputs.first.sizes, dim, span).write(inputs)
        try output.beginUpdate(of: inputs.first)
        try CPU.add(
            source, positions, outer: run.outer, size: run.size, inner: run.inner, into: output)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        i == 0
            ? cotangent : apply(IndexSelect(dim: dim, span: span), Operands(cotangent, saved[1]))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.write(dim, span) { apply(IndexAdd(dim: $1, span: $2), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(IndexAdd(dim: 0), .init([3, 2]), .init([4], .indices(3)), .init([4, 2])),
            Sample(IndexAdd(dim: -1), .init([2, 3]), .init([2], .indices(3)), .init([])),
            Sample(
                IndexAdd(dim: 0, span: 2), .init([2, 2, 2]), .init([3], .indices(4)),
                .init([3, 1])),
        ]
    }
}

/// x with slices of another tensor put at positions of one dimension, or of a run of them. Where
/// a position repeats, the last one stays.
public struct IndexPut: PositionedOp {
    public static let info = OpInfo(
        "indexPut", family: .indexing, formula: "x with x[..., index, ...] = y",
        derivative: "the gradient with zeros there, and its slices there", torch: "torch.index_put")
    public static let worksInPlace = true
    let dim: Int
    let span: Int

    init(dim: Int, span: Int = 1) {
        self.dim = dim
        self.span = span
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try checkPositions(inputs.second!)
        try IndexedRun(inputs.first.sizes, dim, span).check(inputs)
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (run, positions, source) = try IndexedRun(inputs.first.sizes, dim, span).write(inputs)
        try output.beginUpdate(of: inputs.first)
        try CPU.put(
            source, positions, outer: run.outer, size: run.size, inner: run.inner, into: output)
    }

    // The result holds nothing of a writer that another one overwrote: its gradient is 0.
    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        if i == 2 {
            let slices = apply(IndexSelect(dim: dim, span: span), Operands(cotangent, saved[1]))
            return slices.kept(where: lastWriters(saved[1], cotangent.shape))
        }
        let zero = Tensor.zeros([], dtype: cotangent.dtype, device: cotangent.device)
        return apply(self, Operands(cotangent, saved[1], zero))
    }

    /// True for the slices whose position no later one repeats.
    private func lastWriters(_ index: Tensor, _ shape: [Int]) -> Tensor {
        let first = dim < 0 ? Swift.max(dim + shape.count, 0) : dim
        let end = Swift.min(first + span, shape.count)
        let size = shape[first..<end].reduce(1, &*)
        let turns = Tensor.arange(index.numel).reshape(index.shape).to(index.device)
        let places = Tensor.zeros([size], dtype: .int64, device: index.device)
        let last = apply(IndexPut(dim: 0), Operands(places, index, turns))
        let kept = apply(IndexSelect(dim: 0), Operands(last, index)) .== turns
        let inner = shape.count - end
        return kept.reshape(index.shape + [Int](repeating: 1, count: inner))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.write(dim, span) { apply(IndexPut(dim: $1, span: $2), $0) }
    }

    public static var samples: [Sample] {
        [
            // The second repeats positions.
            Sample(IndexPut(dim: 0), .init([4, 2]), .init([1], .indices(4)), .init([1, 2])),
            Sample(IndexPut(dim: 0), .init([3, 2]), .init([5], .indices(3)), .init([5, 2])),
            Sample(IndexPut(dim: -1), .init([2, 3]), .init([1], .indices(3)), .init([])),
            Sample(
                IndexPut(dim: 0, span: 2), .init([2, 2, 2]), .init([1, 1], .indices(4)),
                .init([2])),
            Sample(IndexPut(dim: 0), .init([4, 2]), .init([0], .indices(4)), .init([])),
        ]
    }
}

extension IndexedRun {
    /// Checks that the third input broadcasts to the slices.
    func check(_ inputs: Operands) throws(TensorError) {
        let slices = replaced(by: inputs[1].sizes)
        if Layout.broadcastSizes(inputs[2].sizes, slices) != slices {
            throw TensorError(
                .shape,
                "a tensor of shape \(inputs[2].shape) does not broadcast to the indexed part, of "
                    + "shape \(slices)")
        }
    }

    /// The checked positions, and the third input broadcast to the slices.
    func write(_ inputs: Operands) throws(TensorError) -> (IndexedRun, Block, Block) {
        let positions = try CPU.positions(inputs[1], below: size)
        let source = inputs[2]
        let layout = source.layout.broadcast(to: replaced(by: inputs[1].sizes))
        return (self, positions, Block(source.storage, layout, source.dtype, .cpu))
    }
}

extension Tensor {
    /// Copies the elements of `x` here, unless this is their own memory.
    func beginUpdate(of x: Tensor) throws(TensorError) {
        if storage !== x.storage { try CPU.copy(x, into: self) }
    }

    /// This tensor with `alpha` times the slices of `src` added at the positions `index` of
    /// dimension `dim`. Same as `torch.index_add`.
    ///
    /// - Errors: `.index` for a position outside the dimension; `.shape` where the slices differ;
    ///   `.dtype` for a fraction as `alpha` of integers.
    public func indexAdd(dim: Int, index: Tensor, src: Tensor, alpha: some TensorScalar = 1)
        -> Tensor
    {
        slices(IndexAdd(dim: dim), index, scaled(src, alpha))
    }
    /// Adds slices in place.
    @discardableResult
    public func indexAdd_(dim: Int, index: Tensor, src: Tensor, alpha: some TensorScalar = 1)
        -> Tensor
    {
        if ndim == 0 {
            unsqueeze(0).indexAdd_(dim: dim, index: index, src: src, alpha: alpha)
            return self
        }
        return applyInPlace(IndexAdd(dim: dim), self, index.asVector, scaled(src, alpha))
    }

    private func scaled(_ src: Tensor, _ alpha: some TensorScalar) -> Tensor {
        if case .int(1) = alpha.scalar { return src }
        if case .float = alpha.scalar, !dtype.isFloatingPoint {
            return Failure.poison(
                TensorError(
                    .dtype, "alpha must be a whole number for tensors of dtype \(dtype)",
                    operation: "indexAdd"), like: src.sizes, src.dtype)
        }
        return src * alpha
    }

    /// This tensor with the slices of `source` put at the positions `index` of dimension `dim`.
    /// Same as `torch.index_copy`.
    ///
    /// - Errors: `.index` for a position outside the dimension; `.shape` where the slices differ.
    public func indexCopy(dim: Int, index: Tensor, src: Tensor) -> Tensor {
        slices(IndexPut(dim: dim), index, src)
    }
    /// Puts slices in place.
    @discardableResult public func indexCopy_(dim: Int, index: Tensor, src: Tensor) -> Tensor {
        if ndim == 0 {
            unsqueeze(0).indexCopy_(dim: dim, index: index, src: src)
            return self
        }
        return applyInPlace(IndexPut(dim: dim), self, index.asVector, src)
    }

    private func slices(_ op: some Operator, _ index: Tensor, _ source: Tensor) -> Tensor {
        if ndim == 0 {
            return apply(op, Operands(unsqueeze(0), index.asVector, source)).reshape([])
        }
        return apply(op, Operands(self, index.asVector, source))
    }

    private var asVector: Tensor { ndim == 0 ? unsqueeze(0) : self }
}
