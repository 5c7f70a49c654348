import CAdjoint

/// How a scan combines an element with those before it.
enum Scan: Sendable {
    case sum, product
}

extension CPU {
    /// The running sums or products along `dim`, from the end where `reversed`. Floats are
    /// accumulated in double precision.
    static func cumulate(
        _ input: Block, dim: Int, _ scan: Scan, reversed: Bool, into output: Block
    ) throws(TensorError) {
        if output.numel == 0 { return }
        switch output.dtype {
        case .float64: try cumulate(input, dim, scan, reversed, output, .float64, Double.self)
        case .float32, .float16, .bfloat16:
            try cumulate(input, dim, scan, reversed, output, .float32, Float.self)
        default:
            let dense = try dense(input, .int64)
            try writing(output, as: .int64) { target in
                let (x, y) = (dense.elements(Int64.self), target.elements(Int64.self))
                columns(output.sizes, dim, reversed) { first, step, count in
                    var total: Int64 = scan == .sum ? 0 : 1
                    for r in 0..<count {
                        let i = first + r * step
                        total = scan == .sum ? total &+ x[i] : total &* x[i]
                        y[i] = total
                    }
                }
            }
        }
    }

    private static func cumulate<T: Real>(
        _ input: Block, _ dim: Int, _ scan: Scan, _ reversed: Bool, _ output: Block,
        _ dtype: DType, _: T.Type
    ) throws(TensorError) {
        let dense = try dense(input, dtype)
        try writing(output, as: dtype) { target in
            let (x, y) = (dense.elements(T.self), target.elements(T.self))
            columns(output.sizes, dim, reversed) { first, step, count in
                var total: Double = scan == .sum ? 0 : 1
                for r in 0..<count {
                    let i = first + r * step
                    if scan == .sum { total += Double(x[i]) } else { total *= Double(x[i]) }
                    y[i] = T(total)
                }
            }
        }
    }

    /// output[i] = addend[i] + factor[i] · output[i - 1] along `dim`, or of i + 1 where `reversed`;
    /// the first factor is not used.
    static func linearScan(
        _ addend: Block, _ factor: Block, dim: Int, reversed: Bool, into output: Block
    ) throws(TensorError) {
        if output.numel == 0 { return }
        if output.dtype == .float64 {
            try linearScan(addend, factor, dim, reversed, output, .float64, Double.self)
        } else {
            try linearScan(addend, factor, dim, reversed, output, .float32, Float.self)
        }
    }

    private static func linearScan<T: Real>(
        _ addend: Block, _ factor: Block, _ dim: Int, _ reversed: Bool, _ output: Block,
        _ dtype: DType, _: T.Type
    ) throws(TensorError) {
        let (addend, factor) = try (dense(addend, dtype), dense(factor, dtype))
        try writing(output, as: dtype) { target in
            let (b, a, y) = (
                addend.elements(T.self), factor.elements(T.self), target.elements(T.self)
            )
            columns(output.sizes, dim, reversed) { first, step, count in
                y[first] = b[first]
                for r in 1..<Swift.max(count, 1) {
                    let i = first + r * step
                    y[i] = b[i] + a[i] * y[i - step]
                }
            }
        }
    }

    /// The running extreme along `dim` and its latest position; once a NaN, always NaN.
    static func cumulateExtremes(
        _ input: Block, dim: Int, largest: Bool, values: Block, positions: Block
    ) throws(TensorError) {
        if values.numel == 0 { return }
        if values.dtype.isFloatingPoint {
            let dense = try dense(input, .float64)
            try extremes(dense, dim, values, positions, .float64, Double.self) { new, old in
                new.isNaN || (largest ? new >= old : new <= old)
            }
        } else {
            let dense = try dense(input, .int64)
            try extremes(dense, dim, values, positions, .int64, Int64.self) { new, old in
                largest ? new >= old : new <= old
            }
        }
    }

    @inline(__always)
    private static func extremes<T>(
        _ dense: Block, _ dim: Int, _ values: Block, _ positions: Block, _ dtype: DType,
        _: T.Type, _ wins: (T, T) -> Bool
    ) throws(TensorError) {
        let staged = try Block(scratch: values.sizes, dtype)
        try writing(positions, as: .int64) { index in
            let (x, y, p) = (
                dense.elements(T.self), staged.elements(T.self), index.elements(Int64.self)
            )
            columns(values.sizes, dim, false) { first, step, count in
                var best = first
                for r in 0..<count {
                    let i = first + r * step
                    if r == 0 || wins(x[i], x[best]) { best = i }
                    y[i] = x[best]
                    p[i] = Int64((best - first) / step)
                }
            }
        }
        try copy(staged, into: values)
    }

    /// Calls `body` for each line along `dim` of a dense array: its first element, the step to the
    /// next, and how many there are.
    static func columns(
        _ sizes: Dims, _ dim: Int, _ reversed: Bool, _ body: (Int, Int, Int) -> Void
    ) {
        let (outer, count, inner) = rows(sizes, dim)
        parallel(outer * inner, grain: Swift.max(1, grain / Swift.max(count, 1))) { begin, end in
            for line in begin..<end {
                let start = line / inner * count * inner + line % inner
                if reversed {
                    body(start + (count - 1) * inner, -inner, count)
                } else {
                    body(start, inner, count)
                }
            }
        }
    }
}
