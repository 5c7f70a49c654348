extension CPU {
    /// The running log Σ eˣ along `dim`, accumulated in double precision.
    static func logCumulate(_ input: Block, dim: Int, into output: Block) throws(TensorError) {
        if output.numel == 0 { return }
        if output.dtype == .float64 {
            try logCumulate(input, dim, output, .float64, Double.self)
        } else {
            try logCumulate(input, dim, output, .float32, Float.self)
        }
    }

    private static func logCumulate<T: Real>(
        _ input: Block, _ dim: Int, _ output: Block, _ dtype: DType, _: T.Type
    ) throws(TensorError) {
        let dense = try dense(input, dtype)
        try writing(output, as: dtype) { target in
            let (x, y) = (dense.elements(T.self), target.elements(T.self))
            columns(output.sizes, dim, false) { first, step, count in
                // The sum is e^top · sum, with the largest exponent so far as the top.
                var (top, sum) = (-Double.infinity, 0.0)
                for r in 0..<count {
                    let i = first + r * step
                    let value = Double(x[i])
                    if value.isNaN {
                        top = value
                    } else if value > top {
                        sum = sum * Double.exp(top - value) + 1
                        top = value
                    } else if top.isFinite {
                        sum += Double.exp(value - top)
                    }
                    y[i] = T(top.isFinite ? top + Double.log(sum) : top)
                }
            }
        }
    }
}
