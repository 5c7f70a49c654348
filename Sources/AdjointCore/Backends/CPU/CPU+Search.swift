extension CPU {
    /// For each of `values` the number of elements of its sorted row that are smaller, or not
    /// larger for `right`. The rows are the last dimension; one row alone serves all values.
    static func searchSorted(_ rows: Block, _ values: Block, right: Bool, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        if rows.dtype.isFloatingPoint || values.dtype.isFloatingPoint {
            try search(rows, values, right, output, .float64, Double.self)
        } else {
            try search(rows, values, right, output, .int64, Int64.self)
        }
    }

    private static func search<T: Comparable>(
        _ rows: Block, _ values: Block, _ right: Bool, _ output: Block, _ dtype: DType, _: T.Type
    ) throws(TensorError) {
        let (rows, values) = try (dense(rows, dtype), dense(values, dtype))
        let length = rows.sizes[rows.sizes.count - 1]
        let isOne = rows.sizes.count == 1
        let perRow = isOne ? values.numel : values.sizes[values.sizes.count - 1]
        try writing(output, as: .int64) { target in
            let (line, x, y) = (
                rows.elements(T.self), values.elements(T.self), target.elements(Int64.self)
            )
            parallel(target.numel) { begin, end in
                for i in begin..<end {
                    let start = isOne ? 0 : i / perRow * length
                    var (low, high) = (0, length)
                    while low < high {
                        let middle = low + (high - low) / 2
                        let element = line[start + middle]
                        // So put, a NaN among the values comes last.
                        let stops = right ? element > x[i] : element >= x[i]
                        if stops { high = middle } else { low = middle + 1 }
                    }
                    y[i] = Int64(low)
                }
            }
        }
    }
}
