extension CPU {
    /// The most frequent element of each line along `dim`, the smallest of several, and the last
    /// position where it is.
    static func modes(_ input: Block, dim: Int, values: Block, positions: Block) throws(TensorError)
    {
        if values.numel == 0 { return }
        let (outer, length, inner) = rows(input.sizes, dim)
        let lines: Dims = [outer, length, inner]
        let source = try dense(input, input.dtype)
        let grouped = Block(
            source.storage, Layout(contiguous: lines).shifted(source.layout.offset), input.dtype,
            .cpu)
        let dtype: DType = input.dtype.isFloatingPoint ? .float64 : .int64
        let sorted = try Block(scratch: lines, dtype)
        let order = try Block(scratch: lines, .int64)
        try sort(grouped, dim: 1, descending: false, values: sorted, positions: order)
        let picked = try Block(scratch: [outer, inner], dtype)
        try writing(positions, as: .int64) { index in
            let (from, to) = (order.elements(Int64.self), index.elements(Int64.self))
            if dtype == .float64 {
                let (x, y) = (sorted.elements(Double.self), picked.elements(Double.self))
                longestRuns(x, outer * inner, length, inner) {
                    y[$0] = x[$1]
                    to[$0] = from[$1]
                }
            } else {
                let (x, y) = (sorted.elements(Int64.self), picked.elements(Int64.self))
                longestRuns(x, outer * inner, length, inner) {
                    y[$0] = x[$1]
                    to[$0] = from[$1]
                }
            }
        }
        try copy(
            Block(picked.storage, Layout(contiguous: values.sizes), dtype, .cpu), into: values)
    }

    /// The end of the first of the longest runs of equal elements, for each line.
    @inline(__always)
    private static func longestRuns<T: Equatable>(
        _ x: UnsafeMutablePointer<T>, _ lines: Int, _ length: Int, _ inner: Int,
        _ found: (_ line: Int, _ place: Int) -> Void
    ) {
        for line in 0..<lines {
            let start = line / inner * length * inner + line % inner
            var (best, longest, run) = (start, 0, 0)
            for r in 0..<length {
                let i = start + r * inner
                run += 1
                if r + 1 < length && x[i] == x[i + inner] { continue }
                if run > longest { (best, longest) = (i, run) }
                run = 0
            }
            found(line, best)
        }
    }
}
