import CAdjoint

extension CPU {
    /// Σ (x - mean)² / (n - correction) over `axes`, or its square root; in double precision.
    static func variance(
        _ input: Block, _ axes: Axes, correction: Double, rooted: Bool, into output: Block
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let (source, outer, reduce, inner) = try grouped(input, axes, .float64)
        let mean = try Block(scratch: [outer, inner], .float64)
        adj_sum_f64(source.elements(), mean.elements(), outer, reduce, inner)
        divide(mean, by: Double(reduce))
        let centered = try Block(scratch: [outer, reduce, inner], .float64)
        let (x, m, c) = (
            source.elements(Double.self), mean.elements(Double.self),
            centered.elements(Double.self)
        )
        parallel(outer * reduce, grain: Swift.max(1, grain / Swift.max(inner, 1))) { begin, end in
            for row in begin..<end {
                let line = row / reduce * inner
                for i in 0..<inner { c[row * inner + i] = x[row * inner + i] - m[line + i] }
            }
        }
        let divisor = Swift.max(0, Double(reduce) - correction)
        try writing(output, as: .float64) { target in
            let y = target.elements(Double.self)
            adj_sumsq_f64(c, y, outer, reduce, inner)
            for i in 0..<target.numel {
                y[i] /= divisor
                if rooted { y[i] = y[i].squareRoot() }
            }
        }
    }

    /// (Σ |x|ᵖ)^(1/p) over `axes`; the largest or smallest |x| for infinite p, the number of
    /// elements other than 0 for p = 0.
    static func norm(_ input: Block, _ p: Double, _ axes: Axes, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        if output.dtype == .float64 {
            try norm(input, p, axes, output, .float64, Double.self)
        } else {
            try norm(input, p, axes, output, .float32, Float.self)
        }
    }

    private static func norm<T: Real>(
        _ input: Block, _ p: Double, _ axes: Axes, _ output: Block, _ dtype: DType, _: T.Type
    ) throws(TensorError) {
        try writing(output, as: dtype) { (target) throws(TensorError) in
            let y = target.elements(T.self)
            if p == 2 {
                try reduce(input, axes, into: target, sumOfSquares)
                for i in 0..<target.numel { y[i] = y[i].squareRoot() }
                return
            }
            let dense = try dense(input, dtype)
            let powers = try Block(scratch: dense.sizes, dtype)
            let (x, w) = (dense.elements(T.self), powers.elements(T.self))
            let exponent = T(p)
            parallel(dense.numel) { begin, end in
                for i in begin..<end {
                    let a = x[i].magnitude
                    w[i] =
                        p.isInfinite || p == 1
                        ? a : p == 0 ? (a == 0 ? 0 : 1) : T.pow(a, exponent)
                }
            }
            try reduce(
                powers, axes, into: target, p == .infinity ? largest : p.isInfinite ? smallest : sum
            )
            if p.isInfinite || p == 1 || p == 0 { return }
            for i in 0..<target.numel { y[i] = T.pow(y[i], 1 / exponent) }
        }
    }

    /// True or false over `axes`: whether all elements, or any, are not 0.
    static func reduceTruth(_ input: Block, _ axes: Axes, all: Bool, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        let (source, outer, reduce, inner) = try grouped(input, axes, .bool)
        try writing(output, as: .bool) { target in
            (all ? adj_all_u8 : adj_any_u8)(
                source.elements(), target.elements(), outer, reduce, inner)
        }
    }

    /// The number of elements other than 0 over `axes`, as int64.
    static func countNonzero(_ input: Block, _ axes: Axes, into output: Block) throws(TensorError) {
        if output.numel == 0 { return }
        let truth = try dense(input, .bool)
        try reduce(dense(truth, .int64), axes, into: output, sum)
    }
}
