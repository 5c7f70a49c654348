extension CPU {
    /// Sorts each line along `dim`: values and the positions they came from. Equal elements keep
    /// their order; NaN counts as the largest. Only the first `count` of each line are written.
    static func sort(
        _ input: Block, dim: Int, descending: Bool, first count: Int? = nil, values: Block,
        positions: Block
    ) {
        if values.numel == 0 { return }
        if values.dtype.isFloatingPoint {
            let dense = dense(input, .float64)
            sort(dense, dim, descending, count, values, positions, .float64, Double.self) {
                $1.isNaN ? !$0.isNaN : $0 < $1
            }
        } else {
            let dense = dense(input, .int64)
            sort(dense, dim, descending, count, values, positions, .int64, Int64.self) { $0 < $1 }
        }
    }

    @inline(__always)
    private static func sort<T: Sendable>(
        _ dense: Block, _ dim: Int, _ descending: Bool, _ limit: Int?, _ values: Block,
        _ positions: Block, _ dtype: DType, _: T.Type, _ isLess: (T, T) -> Bool
    ) {
        let staged = Block(empty: values.sizes, dtype)
        let (_, length, inner) = rows(dense.sizes, dim)
        let kept = limit ?? length
        writing(positions, as: .int64) { index in
            let (x, y, p) = (
                dense.elements(T.self), staged.elements(T.self), index.elements(Int64.self)
            )
            columns(dense.sizes, dim, false) { start, step, count in
                let order = ranking(count, kept) { i, j in
                    let (a, b) = (x[start + i * step], x[start + j * step])
                    if descending ? isLess(b, a) : isLess(a, b) { return true }
                    if descending ? isLess(a, b) : isLess(b, a) { return false }
                    return i < j
                }
                let line = start / (length * inner)
                let target = line * kept * inner + start % inner
                for r in 0..<kept {
                    y[target + r * inner] = x[start + order[r] * step]
                    p[target + r * inner] = Int64(order[r])
                }
            }
        }
        copy(staged, into: values)
    }

    /// The first `kept` of 0 ..< `count` in the order that `precedes` gives.
    @inline(__always)
    private static func ranking(_ count: Int, _ kept: Int, _ precedes: (Int, Int) -> Bool) -> [Int]
    {
        if kept > 16 || kept * 4 > count { return (0..<count).sorted(by: precedes) }
        // A few of many: keep a short sorted list.
        var best: [Int] = []
        best.reserveCapacity(kept + 1)
        for i in 0..<count {
            if best.count == kept, kept == 0 || !precedes(i, best[kept - 1]) { continue }
            var place = best.count
            while place > 0, precedes(i, best[place - 1]) { place -= 1 }
            best.insert(i, at: place)
            if best.count > kept { best.removeLast() }
        }
        return best
    }
}

extension CPU {
    /// One element of each sorted line along `dim`, and where it was. `rank` says which, from the
    /// number of elements in the line that are not NaN.
    static func pick(
        _ input: Block, dim: Int, values: Block, positions: Block, _ rank: (_ usual: Int) -> Int
    ) {
        if values.numel == 0 { return }
        let floats = input.dtype.isFloatingPoint
        let (outer, length, inner) = rows(input.sizes, dim)
        let lines: Dims = [outer, length, inner]
        let source = dense(input, input.dtype)
        let grouped = Block(
            source.storage, Layout(contiguous: lines).shifted(source.layout.offset), input.dtype,
            .cpu)
        let sorted = Block(empty: lines, floats ? .float64 : .int64)
        let order = Block(empty: lines, .int64)
        sort(grouped, dim: 1, descending: false, values: sorted, positions: order)
        let picked = Block(empty: [outer, inner], sorted.dtype)
        writing(positions, as: .int64) { index in
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
                picked.elements(Int64.self)[line] = sorted.elements(Int64.self)[i]
            }
        }
        let shaped = Block(
            picked.storage, Layout(contiguous: values.sizes), picked.dtype, .cpu)
        copy(shaped, into: values)
    }
}
