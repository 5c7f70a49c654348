import CAdjoint

extension CPU {
    /// Zeros, with the elements of `source` added at the places that `layout` gives them in
    /// `output`, laid out row-major. Places may coincide for floating-point numbers alone.
    static func place(_ source: Block, at layout: Layout, into output: Block) throws(TensorError) {
        let dtype = layout.mayOverlap ? output.dtype.computeType : output.dtype
        try writing(output, as: dtype) { (target) throws(TensorError) in
            fill(target, .int(0))
            let places = layout.shifted(target.layout.offset)
            if !layout.mayOverlap {
                return try copy(source, into: Block(target.storage, places, dtype, .cpu))
            }
            if layout.count == 0 { return }
            let dense = try dense(source, dtype)
            let (shape, steps) = (layout.sizes.array, layout.strides.array)
            if dtype == .float64 {
                adj_strided_add_f64(
                    layout.rank, shape, dense.elements(), dense.strides,
                    target.elements(Double.self) + layout.offset, steps)
            } else {
                adj_strided_add_f32(
                    layout.rank, shape, dense.elements(), dense.strides,
                    target.elements(Float.self) + layout.offset, steps)
            }
        }
    }

    /// Writes the elements of `source` in reverse order along the dimensions chosen.
    static func flip(_ source: Block, _ chosen: [Bool], into output: Block) throws(TensorError) {
        if output.numel == 0 { return }
        var (strides, offset) = (source.layout.strides, source.layout.offset)
        for d in 0..<source.ndim where chosen[d] {
            offset += (source.sizes[d] - 1) * strides[d]
            strides[d] = -strides[d]
        }
        let reversed = Layout(sizes: source.sizes, strides: strides, offset: offset)
        try copy(Block(source.storage, reversed, source.dtype, .cpu), into: output)
    }

    /// Copies the matrices of `source` with zeros above (or below) a diagonal.
    static func triangle(_ source: Block, diagonal: Int, upper: Bool, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        let (rows, columns) = (source.sizes[source.ndim - 2], source.sizes[source.ndim - 1])
        let size = output.dtype.itemSize
        try writing(output, as: output.dtype) { (target) throws(TensorError) in
            try copy(source, into: target)
            let memory = target.pointer!
            for row in 0..<(target.numel / columns) {
                // The first column beyond the diagonal of this row.
                let (edge, over) = (row % rows).addingReportingOverflow(diagonal)
                let bound = over ? columns : upper ? edge : edge == .max ? columns : edge + 1
                let split = Swift.min(Swift.max(bound, 0), columns)
                let (from, to) = upper ? (0, split) : (split, columns)
                memset(memory + (row * columns + from) * size, 0, (to - from) * size)
            }
        }
    }

    private static func memset(_ address: UnsafeMutableRawPointer, _ byte: UInt8, _ count: Int) {
        address.initializeMemory(as: UInt8.self, repeating: byte, count: count)
    }
}
