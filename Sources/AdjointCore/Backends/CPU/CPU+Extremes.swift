import CAdjoint

extension CPU {
    /// The extreme of each row along `dim` and the position of its first occurrence; the first NaN
    /// wins. Rows must not be empty. `values` may be left out.
    static func extremes(
        _ input: Block, dim: Int, largest: Bool, values: Block?, positions: Block
    ) throws(TensorError) {
        if positions.numel == 0 { return }
        let dtype = input.dtype.isFloatingPoint ? input.dtype.computeType : .int64
        let (source, outer, reduce, inner) = try grouped(input, Axes([dim]), dtype)
        let found = try Block(scratch: positions.sizes, dtype)
        try writing(positions, as: .int64) { target in
            let index = target.elements(Int64.self)
            switch dtype {
            case .float32:
                (largest ? adj_max_index_f32 : adj_min_index_f32)(
                    source.elements(), found.elements(), index, outer, reduce, inner)
            case .float64:
                (largest ? adj_max_index_f64 : adj_min_index_f64)(
                    source.elements(), found.elements(), index, outer, reduce, inner)
            default:
                (largest ? adj_max_index_i64 : adj_min_index_i64)(
                    source.elements(), found.elements(), index, outer, reduce, inner)
            }
        }
        if let values { try copy(found, into: values) }
    }

    /// Which elements of `input` equal the reduced `value`, each weighed by one over their number:
    /// how a gradient is split among ties. NaN counts as equal to NaN.
    static func shareTies(_ input: Block, _ value: Block, _ axes: Axes, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        switch output.dtype.computeType {
        case .float64: try share(input, value, axes, output, .float64, Double.self)
        default: try share(input, value, axes, output, .float32, Float.self)
        }
    }

    private static func share<T: Real>(
        _ input: Block, _ value: Block, _ axes: Axes, _ output: Block, _ dtype: DType, _: T.Type
    ) throws(TensorError) {
        let kept = Layout(contiguous: axes.kept(input.sizes))
        func spread(_ reduced: Block) throws(TensorError) -> Block {
            let column = try dense(reduced, dtype)
            let layout = kept.broadcast(to: input.sizes)
            return try dense(
                Block(column.storage, layout.shifted(column.layout.offset), dtype, .cpu), dtype)
        }
        let (x, extreme) = try (dense(input, dtype), spread(value))
        let count = try Block(scratch: kept.sizes, dtype)
        try writing(output, as: dtype) { (weights) throws(TensorError) in
            let (p, q, w) = (
                x.elements(T.self), extreme.elements(T.self), weights.elements(T.self)
            )
            parallel(weights.numel) { begin, end in
                for i in begin..<end {
                    w[i] = p[i] == q[i] || (p[i].isNaN && q[i].isNaN) ? 1 : 0
                }
            }
            try reduce(weights, axes, into: count, sum)
            let ties = try spread(count)
            let n = ties.elements(T.self)
            parallel(weights.numel) { begin, end in
                for i in begin..<end where w[i] != 0 { w[i] /= n[i] }
            }
        }
    }
}

extension Layout {
    /// The same elements, `offset` elements further on.
    func shifted(_ offset: Int) -> Layout {
        Layout(sizes: sizes, strides: strides, offset: self.offset + offset)
    }
}
