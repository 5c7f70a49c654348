import CAdjoint

extension CPU {
    /// Refuses positions outside `0..<bound`.
    static func checkIndices(_ indices: Block, below bound: Int) throws(TensorError) {
        let dense = try dense(indices, .int64)
        let at = dense.elements(Int64.self)
        for i in 0..<dense.numel where at[i] < 0 || at[i] >= bound {
            throw TensorError(
                .index, "position \(at[i]) is out of range for \(bound) rows, 0 to \(bound - 1)")
        }
    }

    /// output[i, :] = table[indices[i], :].
    static func gatherRows(_ table: Block, _ indices: Block, into output: Block) throws(TensorError)
    {
        if output.numel == 0 { return }
        let (source, at) = try (dense(table, output.dtype), dense(indices, .int64))
        try writing(output, as: output.dtype) {
            adj_index_select(
                output.dtype.itemSize, source.pointer!, at.elements(), $0.pointer!, 1,
                table.sizes[0], at.numel, table.sizes[1])
        }
    }

    /// output[indices[i], :] += x[i, :], from zero, in the order of i.
    static func addRows(_ x: Block, _ indices: Block, into output: Block) throws(TensorError) {
        if output.numel == 0 { return }
        let at = try dense(indices, .int64)
        let dtype = output.dtype.computeType
        let source = try dense(x, dtype)
        try writing(output, as: dtype) {
            fill($0, .int(0))
            if source.numel == 0 { return }
            if dtype == .float64 {
                adj_index_add_f64(
                    $0.elements(), at.elements(), source.elements(), 1, output.sizes[0], at.numel,
                    output.sizes[1])
            } else {
                adj_index_add_f32(
                    $0.elements(), at.elements(), source.elements(), 1, output.sizes[0], at.numel,
                    output.sizes[1])
            }
        }
    }

    /// Sets the rows of `x` to zero whose position equals `index`.
    static func clearRows(_ x: Block, _ indices: Block, equalTo index: Int) throws(TensorError) {
        if x.numel == 0 { return }
        let dense = try dense(indices, .int64)
        let at = dense.elements(Int64.self)
        let width = x.numel / dense.numel
        try writing(x, as: x.dtype) { (target) throws(TensorError) in
            if target !== x { try copy(x, into: target) }
            for i in 0..<dense.numel where at[i] == index {
                let row = Layout(
                    sizes: [width], strides: [1], offset: target.layout.offset + i * width)
                fill(Block(target.storage, row, x.dtype, .cpu), .int(0))
            }
        }
    }
}
