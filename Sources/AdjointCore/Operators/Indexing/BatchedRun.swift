/// A run of dimensions under `vmap`, where every sample has positions of its own: the run goes to
/// the front, behind the batch dimension, and is joined with it, so that one index over the joint
/// dimension serves all samples.
struct BatchedRun {
    let run: IndexedRun
    let size: Int
    /// The positions in the joint dimension, the batch dimension first.
    let index: Tensor
    let indexRank: Int

    /// - Parameter position: Which operand holds the positions.
    init(_ inputs: Batch, _ run: IndexedRun, _ position: Int) {
        self.run = run
        size = inputs.size
        indexRank = inputs.rank(position)
        // Checked against the run here: in the joint dimension they would reach other samples.
        let ones = [Int](repeating: 1, count: indexRank)
        let sample = Tensor.arange(inputs.size).reshape([inputs.size] + ones)
        index = apply(
            FlatPositions([inputs.size, run.size]), Operands(sample, inputs[position].to(.int64)))
    }

    private var before: [Int] { Array(run.sizes.prefix(run.first)) }
    private var inside: [Int] { Array(run.sizes[run.first..<(run.first + run.span)]) }
    private var after: [Int] { Array(run.sizes.dropFirst(run.first + run.span)) }

    /// The shape with the batch dimension and the run as one.
    var foldedSizes: Dims { Dims([size &* run.size] + before + after) }

    /// [batch, before, `count` dimensions, after] with those dimensions behind the first.
    func gathered(_ x: Tensor, _ count: Int) -> Tensor {
        let first = run.first
        let moved = Array((1 + first)..<(1 + first + count))
        let rest = Array(1..<(1 + first)) + Array((1 + first + count)..<x.ndim)
        return x.permute([0] + moved + rest)
    }

    /// The inverse of `gathered`.
    func spread(_ x: Tensor, over count: Int) -> Tensor {
        let first = run.first
        let lead = Array((1 + count)..<(1 + count + first))
        let rest = Array((1 + count + first)..<x.ndim)
        return x.permute([0] + lead + Array(1..<(1 + count)) + rest)
    }

    /// [batch, sizes] with the batch dimension and the run as one.
    func folded(_ x: Tensor) -> Tensor { gathered(x, run.span).reshape(foldedSizes.array) }

    /// The inverse of `folded`.
    func unfolded(_ x: Tensor) -> Tensor {
        spread(x.reshape([size] + inside + before + after), over: run.span)
    }
}

extension Batch {
    /// A write of operand 2 at the positions of operand 1 in a run of dimensions of operand 0.
    func write(_ dim: Int, _ span: Int, _ rule: (Operands, Int, Int) -> Tensor)
        throws(TensorError) -> Tensor?
    {
        let run = try IndexedRun(sizes(0), dim, span)
        let slices = run.replaced(by: sizes(1))
        let source = padded(2, to: slices.count)
        if !isBatched(1) {
            return rule(Operands(whole(0), self[1], source), run.first + 1, span)
        }
        let rows = BatchedRun(self, run, 1)
        let spread = rows.gathered(source.expand([size] + slices), rows.indexRank)
        return rows.unfolded(rule(Operands(rows.folded(whole(0)), rows.index, spread), 0, 1))
    }
}
