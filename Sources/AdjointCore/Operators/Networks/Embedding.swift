import CAdjoint

/// The rows of a table that positions name. Row `padding`, where there is one, is read like any
/// other and counts as a constant: no gradient reaches it.
struct Embedding: Operator {
    static let info = OpInfo(
        "embedding", family: .indexing, formula: "y[i] = w[index[i]]",
        derivative: "the gradients added by row", torch: "torch.nn.functional.embedding")
    let padding: Int?
    /// True where the row `padding` gives zeros, as in derivatives.
    var masks = false
    /// Whether gradients, and tangents, are divided by how often their row is named.
    var scales = false

    func saves(for wanted: InputSet) -> SavedSet { .second }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (table, indices) = (inputs.first, inputs.second!)
        if table.ndim != 2 {
            throw TensorError(
                .shape, "expected a table of shape [rows, width], but got \(table.shape)")
        }
        if !indices.dtype.isInteger {
            throw TensorError(
                .dtype, "positions are whole numbers, but these are \(indices.dtype)")
        }
        if let padding, padding < 0 || padding >= table.sizes[0] {
            throw TensorError(
                .index, "paddingIndex \(padding) is not a row of a table of \(table.sizes[0]) rows")
        }
        return TensorSpec(Dims(indices.shape + [table.sizes[1]]), table.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (table, indices) = (inputs.first, inputs.second!)
        try CPU.checkIndices(indices, below: table.sizes[0])
        try CPU.gatherRows(table, indices, into: output)
        if masks, let padding { try CPU.clearRows(output, indices, equalTo: padding) }
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let (rows, indices) = (saved.sizes(0)[0], saved[1])
        return apply(
            EmbeddingGradient(padding: padding, rows: rows),
            Operands(scales ? scaled(cotangent, indices, rows) : cotangent, indices))
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        let (rows, indices) = (inputs.first.sizes[0], saved[1])
        return tangents.a.map {
            let moved = apply(Embedding(padding: padding, masks: true), Operands($0, indices))
            return scales ? scaled(moved, indices, rows) : moved
        }
    }

    /// Each row divided by how often its position occurs.
    private func scaled(_ flow: Tensor, _ indices: Tensor, _ rows: Int) -> Tensor {
        let index = indices.to(.int64).reshape([indices.numel])
        let counts = Tensor.zeros([rows], dtype: .int64, device: flow.device)
            .scatterAdd(dim: 0, index: index, src: Tensor.onesLike(index))
        let shares = counts.indexSelect(dim: 0, index: index).reshape(indices.shape + [1])
        return flow / shares
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        if !inputs.isBatched(0) { return apply(self, Operands(inputs[0], inputs[1])) }
        if padding != nil && masks { return nil }
        if !inputs.isBatched(1) {
            return apply(IndexSelect(dim: 1), Operands(inputs[0], inputs[1].to(.int64)))
        }
        let rows = BatchedRun(inputs, try IndexedRun(inputs.sizes(0), 0, 1), 1)
        return apply(Embedding(padding: nil), Operands(rows.folded(inputs[0]), rows.index))
    }

    static var samples: [Sample] {
        [
            Sample(Embedding(padding: nil), .init([4, 3]), .init([2, 3], .indices(4))),
            Sample(Embedding(padding: nil), .init([4, 3]), .init([], .indices(4))),
            Sample(Embedding(padding: nil), .init([4, 3]), .init([0], .indices(4))),
        ]
    }
}

/// Rows added up at their positions in a table of zeros: the transpose of `Embedding`.
struct EmbeddingGradient: Operator {
    static let info = OpInfo(
        "embeddingGradient", family: .indexing, formula: "w̄[index[i]] += ȳ[i]",
        derivative: "the gradient's rows", torch: "", dtypes: .floating)
    let padding: Int?
    let rows: Int

    func saves(for wanted: InputSet) -> SavedSet { .second }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, indices) = (inputs.first, inputs.second!)
        try check(x.dtype)
        if !indices.dtype.isInteger {
            throw TensorError(
                .dtype, "positions are whole numbers, but these are \(indices.dtype)")
        }
        if x.ndim != indices.ndim + 1 || !x.sizes.dropLast().elementsEqual(indices.sizes) {
            throw TensorError(
                .shape,
                "expected a row for each position of shape \(indices.shape), but got shape "
                    + "\(x.shape)")
        }
        return TensorSpec([rows, x.sizes[x.ndim - 1]], x.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.checkIndices(inputs.second!, below: rows)
        try CPU.addRows(inputs.first, inputs.second!, into: output)
        if let padding, output.numel > 0 {
            let layout = output.layout
            let row = Layout(
                sizes: [layout.sizes[1]], strides: [layout.strides[1]],
                offset: layout.offset + padding * layout.strides[0])
            CPU.fill(Block(output.storage, row, output.dtype, .cpu), .int(0))
        }
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        apply(Embedding(padding: padding, masks: true), Operands(cotangent, saved[1]))
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(self, Operands($0, saved[1])) }
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let (gradient, indices) = (inputs.whole(0), inputs.whole(1))
        let (count, width) = (inputs.size, gradient.shape[gradient.ndim - 1])
        let ones = [Int](repeating: 1, count: inputs.rank(1))
        let sample = Tensor.arange(count).reshape([count] + ones)
        let joint = apply(FlatPositions([count, rows]), Operands(sample, indices.to(.int64)))
        let sum = apply(
            EmbeddingGradient(padding: nil, rows: count &* rows), Operands(gradient, joint)
        ).reshape([count, rows, width])
        guard let padding else { return sum }
        let mask = (Tensor.arange(rows) .== padding).unsqueeze(1)
        return sum.maskedFill(mask, 0)
    }

    static var samples: [Sample] {
        [
            Sample(
                EmbeddingGradient(padding: nil, rows: 4), .init([2, 3, 2]),
                .init([2, 3], .indices(4))),
            Sample(
                EmbeddingGradient(padding: 1, rows: 4), .init([5, 2]), .init([5], .indices(4))),
        ]
    }
}

/// The rows of `weight`, [rows, width], that `indices` name: [..., width]. Row `paddingIndex`
/// (negative counts from the end) receives no gradient. Same as `torch.nn.functional.embedding`.
///
/// - Parameters:
///   - indices: Row numbers, of any shape.
///   - weight: [rows, width].
///   - paddingIndex: The row that receives no gradient; nil for none.
///   - maxNorm: Rows that are named, and longer than that, are shortened to it in `weight` first,
///     where no gradient sees it.
///   - normType: The norm that measures them.
///   - scaleGradByFreq: Whether a row's gradient is divided by how often it is named.
/// - Errors: `.index` for a position outside the table; `.dtype` for positions that are no
///   integers; `.shape` for a table that is no matrix.
public func embedding(
    _ indices: Tensor, _ weight: Tensor, paddingIndex: Int? = nil, maxNorm: Double? = nil,
    normType: Double = 2, scaleGradByFreq: Bool = false
) -> Tensor {
    let rows = weight.ndim > 0 ? weight.shape[0] : 0
    let padding = paddingIndex.map { $0 < 0 ? $0 + rows : $0 }
    let op = Embedding(padding: padding, scales: scaleGradByFreq)
    if let maxNorm, !weight.isPoisoned, !indices.isPoisoned {
        do throws(TensorError) {
            let spec = try op.result(Operands(weight, indices))
            if indices.device == .cpu, spec.sizes.product > 0 {
                try CPU.checkIndices(indices.underlying, below: rows)
            }
            noGrad { weight.shorten(indices, to: maxNorm, normType) }
        } catch {
            return Failure.poison(
                TensorError(error.kind, error.message, operation: "embedding"), like: weight.sizes,
                weight.dtype)
        }
    }
    return apply(op, Operands(weight, indices))
}

extension Tensor {
    /// Writes the named rows that are longer than `bound` over with shorter ones.
    fileprivate func shorten(_ indices: Tensor, to bound: Double, _ p: Double) {
        let isNamed = Tensor.zeros([shape[0]], dtype: .int64, device: device)
            .scatterAdd(
                dim: 0, index: indices.to(.int64).reshape([indices.numel]),
                src: Tensor.ones([indices.numel], dtype: .int64, device: device))
        let norms = detach().norm(p, dim: 1)
        let isLong = (norms .> bound).logicalAnd(isNamed .> 0)
        mul_(Tensor.where(isLong, bound / (norms + 1e-7), 1).to(dtype).unsqueeze(1))
    }
}
