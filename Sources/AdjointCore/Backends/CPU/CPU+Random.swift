import CAdjoint

/// What random numbers are drawn from.
enum Distribution: Sendable {
    /// Uniform in [low, high).
    case uniform(Double, Double)
    case normal(mean: Double, std: Double)
    /// 1 with this probability, else 0.
    case bernoulli(Double)
    /// Whole numbers from `low` up to, and without, `high`, each equally likely.
    case integers(Int, Int)
}

extension CPU {
    /// Fills `output` from the stream at `state`. What element `i` becomes depends on the state,
    /// `i` and the dtype alone.
    static func draw(_ distribution: Distribution, _ state: Generator.State, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        if case .integers(let low, let high) = distribution {
            return try drawIntegers(low, high, state, into: output)
        }
        let dtype: DType = output.dtype == .float64 ? .float64 : .float32
        try writing(output, as: dtype) { target in
            if dtype == .float64 {
                drawDoubles(distribution, state, target.elements(), target.numel)
            } else {
                drawFloats(distribution, state, target.elements(), target.numel, output.dtype)
            }
        }
    }

    private static func drawDoubles(
        _ distribution: Distribution, _ state: Generator.State, _ y: UnsafeMutablePointer<Double>,
        _ n: Int
    ) {
        switch distribution {
        case .uniform(let low, let high):
            _ = adj_random_uniform_f64(state.seed, state.offset, y, n)
            if low == 0 && high == 1 { return }
            parallel(n) { begin, end in
                for i in begin..<end {
                    let value = low + y[i] * (high - low)
                    y[i] = value < high ? value : low
                }
            }
        case .normal(let mean, let std):
            _ = adj_random_normal_f64(state.seed, state.offset, y, n)
            if mean == 0 && std == 1 { return }
            parallel(n) { begin, end in for i in begin..<end { y[i] = mean + y[i] * std } }
        case .bernoulli(let p): _ = adj_random_bernoulli_f64(state.seed, state.offset, p, 1, y, n)
        case .integers: break
        }
    }

    private static func drawFloats(
        _ distribution: Distribution, _ state: Generator.State, _ y: UnsafeMutablePointer<Float>,
        _ n: Int, _ dtype: DType
    ) {
        switch distribution {
        case .uniform(let low, let high):
            _ = adj_random_uniform_f32(state.seed, state.offset, y, n)
            // As many bits as the narrow type holds, so that rounding never reaches 1.
            let steps: Float = dtype == .float16 ? 2048 : dtype == .bfloat16 ? 256 : 0
            if low == 0 && high == 1 && steps == 0 { return }
            let (a, b) = (Float(low), Float(high))
            parallel(n) { begin, end in
                for i in begin..<end {
                    if steps != 0 { y[i] = (y[i] * steps).rounded(.down) / steps }
                    let value = a + y[i] * (b - a)
                    y[i] = value < b ? value : a
                }
            }
        case .normal(let mean, let std):
            _ = adj_random_normal_f32(state.seed, state.offset, y, n)
            if mean == 0 && std == 1 { return }
            let (m, s) = (Float(mean), Float(std))
            parallel(n) { begin, end in for i in begin..<end { y[i] = m + y[i] * s } }
        case .bernoulli(let p): _ = adj_random_bernoulli_f32(state.seed, state.offset, p, 1, y, n)
        case .integers: break
        }
    }

    private static func drawIntegers(
        _ low: Int, _ high: Int, _ state: Generator.State, into output: Block
    ) throws(TensorError) {
        let span = UInt64(bitPattern: Int64(high &- low))
        try writing(output, as: .int64) { target in
            let y = target.elements(Int64.self)
            y.withMemoryRebound(to: UInt64.self, capacity: target.numel) { bits in
                _ = adj_random_bits(state.seed, state.offset, bits, target.numel)
                parallel(target.numel) { begin, end in
                    for i in begin..<end {
                        let draw = bits[i].multipliedFullWidth(by: span).high
                        bits[i] = UInt64(bitPattern: Int64(low)) &+ draw
                    }
                }
            }
        }
    }
}
