extension CPU {
    /// One element of each sorted line along `dim`, and where it was. `rank` says which, from the
    /// number of elements in the line that are not NaN.
    static func pick(
        _ input: Block, dim: Int, values: Block, positions: Block, _ rank: (_ usual: Int) -> Int
    ) throws(TensorError) {
        if values.numel == 0 { return }
        let floats = input.dtype.isFloatingPoint
        let (outer, length, inner) = rows(input.sizes, dim)
        let lines: Dims = [outer, length, inner]
        let source = try dense(input, input.dtype)
        let grouped = Block(
            source.storage, Layout(contiguous: lines).shifted(source.layout.offset), input.dtype,
            .cpu)
        let sorted = try Block(scratch: lines, floats ? .float64 : .int64)
        let order = try Block(scratch: lines, .int64)
        try sort(grouped, dim: 1, descending: false, values: sorted, positions: order)
        let picked = try Block(scratch: [outer, inner], sorted.dtype)
        try writing(positions, as: .int64) { index in
            let (from, to) = (order.elements(Int64.self), index.elements(Int64.self))
            for line in 0..<(outer * inner) {
                let start = line / inner * length * inner + line % inner
                var usual = length
                while floats, usual > 0,
                    sorted.elements(Double.self)[start + (usual - 1) * inner].isNaN
                {
                    usual -= 1
                }
                let i = start + rank(usual) * inner
                to[line] = from[i]
                if floats {
                    picked.elements(Double.self)[line] = sorted.elements(Double.self)[i]
                } else {
                    picked.elements(Int64.self)[line] = sorted.elements(Int64.self)[i]
                }
            }
        }
        let shaped = Block(picked.storage, Layout(contiguous: values.sizes), picked.dtype, .cpu)
        try copy(shaped, into: values)
    }
}
