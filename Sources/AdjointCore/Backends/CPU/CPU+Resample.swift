import CAdjoint

/// Sums along one dimension, a list of positions and weights for each result.
struct ResampleTable {
    /// How many positions are read from.
    let input: Int
    /// Where the list of each result begins in the others, and at last where they end.
    private(set) var starts: [Int64] = [0]
    private(set) var positions: [Int64] = []
    private(set) var weights: [Double] = []

    /// How many results there are.
    var output: Int { starts.count - 1 }

    init(input: Int) { self.input = input }

    /// Adds the list of the next result. Positions lie in `0..<input`.
    mutating func append(_ taps: some Sequence<(position: Int, weight: Double)>) {
        for (position, weight) in taps {
            positions.append(Int64(position))
            weights.append(weight)
        }
        starts.append(Int64(positions.count))
    }

    /// The table that adds each weight times a result to the position that it was read from.
    var transposed: ResampleTable {
        var table = ResampleTable(input: output)
        var next = [Int](repeating: 0, count: input + 1)
        for position in positions { next[Int(position) + 1] += 1 }
        for i in 0..<input { next[i + 1] += next[i] }
        table.starts = next.map { Int64($0) }
        table.positions = [Int64](repeating: 0, count: positions.count)
        table.weights = [Double](repeating: 0, count: positions.count)
        for j in 0..<output {
            for k in Int(starts[j])..<Int(starts[j + 1]) {
                let place = next[Int(positions[k])]
                next[Int(positions[k])] += 1
                table.positions[place] = Int64(j)
                table.weights[place] = weights[k]
            }
        }
        return table
    }
}

extension CPU {
    /// Each position along dimension `dim` as `table` has it.
    static func resample(_ x: Block, _ table: ResampleTable, dim: Int, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        let outer = Dims(x.sizes.prefix(dim)).product
        let inner = Dims(x.sizes.dropFirst(dim + 1)).product
        try table.starts.withUnsafeBufferPointer { (starts) throws(TensorError) in
            try table.positions.withUnsafeBufferPointer { (positions) throws(TensorError) in
                try table.weights.withUnsafeBufferPointer { (weights) throws(TensorError) in
                    var lists = adj_resample_table()
                    (lists.in, lists.out) = (table.input, table.output)
                    lists.starts = starts.baseAddress
                    lists.positions = positions.baseAddress
                    lists.weights = weights.baseAddress
                    if output.dtype.computeType == .float64 {
                        let source = try dense(x, .float64)
                        try writing(output, as: .float64) {
                            adj_resample_f64(
                                &lists, outer, inner, source.elements(), $0.elements())
                        }
                    } else {
                        let source = try dense(x, .float32)
                        try writing(output, as: .float32) {
                            adj_resample_f32(
                                &lists, outer, inner, source.elements(), $0.elements())
                        }
                    }
                }
            }
        }
    }

    /// The largest element of each of `sizes` ranges over the last dimensions, and its position.
    static func adaptiveMaxPool(
        _ x: Block, dims: Int, into values: Block, _ indices: Block
    ) throws(TensorError) {
        if values.numel == 0 { return }
        let (input, output) = (Array(x.shape.suffix(dims)), Array(values.shape.suffix(dims)))
        let planes = values.numel / output.reduce(1, *)
        let at = indices.elements(Int64.self)
        if values.dtype.computeType == .float64 {
            let source = try dense(x, .float64)
            try writing(values, as: .float64) {
                adj_adaptive_maxpool_f64(
                    planes, dims, input, output, source.elements(), $0.elements(), at)
            }
        } else {
            let source = try dense(x, .float32)
            try writing(values, as: .float32) {
                adj_adaptive_maxpool_f32(
                    planes, dims, input, output, source.elements(), $0.elements(), at)
            }
        }
    }
}
