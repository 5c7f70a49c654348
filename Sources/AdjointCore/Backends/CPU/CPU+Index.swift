import CAdjoint

extension CPU {
    /// `index` as dense int64 positions below `size`, checked. Negative ones count from the end
    /// where `wraps`.
    static func positions(_ index: Block, below size: Int, wraps: Bool = false)
        throws(TensorError) -> Block
    {
        let dense = try dense(index, .int64)
        let p = dense.elements(Int64.self)
        let (count, bound) = (dense.numel, Int64(size))
        if count == 0 { return dense }
        var (least, most) = (p[0], p[0])
        adj_reduce_min_i64(p, &least, 1, count, 1)
        adj_reduce_max_i64(p, &most, 1, count, 1)
        if most >= bound || least < (wraps ? -bound : 0) {
            throw TensorError(
                .index,
                "index \(most >= bound ? most : least) is out of bounds for a dimension of "
                    + "size \(size)")
        }
        if least >= 0 { return dense }
        let wrapped = try Block(scratch: dense.sizes, .int64)
        let q = wrapped.elements(Int64.self)
        for i in 0..<count { q[i] = p[i] < 0 ? p[i] + bound : p[i] }
        return wrapped
    }

    /// Calls `body` with contiguous memory of `dtype` that holds the elements of `output`, and
    /// writes them back: the output itself where it is that.
    static func updating(
        _ output: Block, as dtype: DType, _ body: (Block) throws(TensorError) -> Void
    ) throws(TensorError) {
        if output.dtype == dtype && output.layout.isContiguous {
            try body(output)
        } else {
            let staged = try Block(scratch: output.sizes, dtype)
            try copy(output, into: staged)
            try body(staged)
            try copy(staged, into: output)
        }
    }

    /// output[o, j, :] = source[o, index[j], :] over `[outer, size, inner]`. The index is checked.
    static func select(
        _ source: Block, _ index: Block, outer: Int, size: Int, inner: Int, into output: Block
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let dense = try dense(source, source.dtype)
        try writing(output, as: source.dtype) { target in
            adj_index_select(
                source.dtype.itemSize, dense.pointer!, index.elements(), target.pointer!, outer,
                size, index.numel, inner)
        }
    }

    /// output[o, index[j], :] = source[o, j, :], later ones last.
    static func put(
        _ source: Block, _ index: Block, outer: Int, size: Int, inner: Int, into output: Block
    ) throws(TensorError) {
        if source.numel == 0 { return }
        let dense = try dense(source, output.dtype)
        try updating(output, as: output.dtype) { target in
            adj_index_copy(
                output.dtype.itemSize, target.pointer!, index.elements(), dense.pointer!, outer,
                size, index.numel, inner)
        }
    }

    /// output[o, index[j], :] += source[o, j, :], in the order of j.
    static func add(
        _ source: Block, _ index: Block, outer: Int, size: Int, inner: Int, into output: Block
    ) throws(TensorError) {
        if source.numel == 0 { return }
        let dtype = output.dtype.isFloatingPoint ? output.dtype.computeType : .int64
        let dense = try dense(source, dtype)
        let count = index.numel
        try updating(output, as: dtype) { target in
            let p = index.elements(Int64.self)
            switch dtype {
            case .float32:
                adj_index_add_f32(
                    target.elements(), p, dense.elements(), outer, size, count, inner)
            case .float64:
                adj_index_add_f64(
                    target.elements(), p, dense.elements(), outer, size, count, inner)
            default:
                let (x, y) = (dense.elements(Int64.self), target.elements(Int64.self))
                for o in 0..<outer {
                    for j in 0..<count {
                        let (from, to) = ((o * count + j) * inner, (o * size + Int(p[j])) * inner)
                        for i in 0..<inner { y[to + i] &+= x[from + i] }
                    }
                }
            }
        }
    }
}

/// How `gather` and `scatter` walk: `[outer, count, inner]` positions into `[outer, size, inner]`.
struct GatherShape {
    let outer: Int
    let count: Int
    let inner: Int
    let size: Int

    /// Positions of shape `index` along dimension `dim` of a tensor that has `size` there.
    init(_ index: Dims, dim: Int, size: Int) {
        outer = Dims(index.prefix(dim)).product
        count = dim < index.count ? index[dim] : index.product
        inner = Dims(index.dropFirst(dim + 1)).product
        self.size = size
    }
}

extension CPU {
    /// output[o, j, i] = source[o, index[o, j, i], i]. The index is checked.
    static func gather(_ source: Block, _ index: Block, _ shape: GatherShape, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        let dense = try dense(source, source.dtype)
        try writing(output, as: source.dtype) { target in
            adj_gather(
                source.dtype.itemSize, dense.pointer!, index.elements(), target.pointer!,
                shape.outer, shape.size, shape.count, shape.inner)
        }
    }

    /// output[o, index[o, j, i], i] = source[o, j, i], later ones last.
    static func scatter(_ source: Block, _ index: Block, _ shape: GatherShape, into output: Block)
        throws(TensorError)
    {
        if source.numel == 0 { return }
        let dense = try dense(source, output.dtype)
        try updating(output, as: output.dtype) { target in
            adj_scatter(
                output.dtype.itemSize, target.pointer!, index.elements(), dense.pointer!,
                shape.outer, shape.size, shape.count, shape.inner)
        }
    }

    /// output[o, index[o, j, i], i] += source[o, j, i], in the order of j.
    static func scatterAdd(
        _ source: Block, _ index: Block, _ shape: GatherShape, into output: Block
    ) throws(TensorError) {
        if source.numel == 0 { return }
        let dtype = output.dtype.isFloatingPoint ? output.dtype.computeType : .int64
        let dense = try dense(source, dtype)
        try updating(output, as: dtype) { target in
            let p = index.elements(Int64.self)
            switch dtype {
            case .float32:
                adj_scatter_add_f32(
                    target.elements(), p, dense.elements(), shape.outer, shape.size, shape.count,
                    shape.inner)
            case .float64:
                adj_scatter_add_f64(
                    target.elements(), p, dense.elements(), shape.outer, shape.size, shape.count,
                    shape.inner)
            default:
                let (x, y) = (dense.elements(Int64.self), target.elements(Int64.self))
                for o in 0..<shape.outer {
                    for j in 0..<(shape.count * shape.inner) {
                        let from = o * shape.count * shape.inner + j
                        let row = o * shape.size + Int(p[from])
                        y[row * shape.inner + j % shape.inner] &+= x[from]
                    }
                }
            }
        }
    }
}
