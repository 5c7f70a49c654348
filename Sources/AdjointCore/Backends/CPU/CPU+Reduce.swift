import CAdjoint

/// The loops of a reduction over `[outer, reduce, inner]`.
struct ReductionKernel: Sendable {
    typealias Loop<T, R> =
        @Sendable (
            UnsafePointer<T>?, UnsafeMutablePointer<R>?, Int, Int, Int
        ) -> Void
    let f32: Loop<Float, Float>
    let f64: Loop<Double, Double>
    var i64: Loop<Int64, Int64>?
}

extension CPU {
    static let sum = ReductionKernel(f32: adj_sum_f32, f64: adj_sum_f64, i64: adj_sum_i64)
    static let prod = ReductionKernel(f32: adj_prod_f32, f64: adj_prod_f64, i64: adj_prod_i64)
    static let largest = ReductionKernel(
        f32: adj_reduce_max_f32, f64: adj_reduce_max_f64, i64: adj_reduce_max_i64)
    static let smallest = ReductionKernel(
        f32: adj_reduce_min_f32, f64: adj_reduce_min_f64, i64: adj_reduce_min_i64)
    /// Σ x², and log Σ eˣ; floating-point only.
    static let sumOfSquares = ReductionKernel(f32: adj_sumsq_f32, f64: adj_sumsq_f64)
    static let logSumExp = ReductionKernel(f32: adj_logsumexp_f32, f64: adj_logsumexp_f64)

    /// Reduces `input` along `axes` into `output`.
    static func reduce(
        _ input: Block, _ axes: Axes, into output: Block, _ kernel: ReductionKernel
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let dtype = output.dtype.isFloatingPoint ? output.dtype.computeType : .int64
        let (source, outer, reduce, inner) = try grouped(input, axes, dtype)
        try writing(output, as: dtype) { target in
            switch dtype {
            case .float32:
                kernel.f32(source.elements(), target.elements(), outer, reduce, inner)
            case .float64:
                kernel.f64(source.elements(), target.elements(), outer, reduce, inner)
            default: kernel.i64!(source.elements(), target.elements(), outer, reduce, inner)
            }
        }
    }

    /// Divides each element of a contiguous float32 or float64 block.
    static func divide(_ target: Block, by divisor: Double) {
        if target.dtype == .float64 {
            let y = target.elements(Double.self)
            for i in 0..<target.numel { y[i] /= divisor }
        } else {
            let y = target.elements(Float.self)
            for i in 0..<target.numel { y[i] /= Float(divisor) }
        }
    }

    /// `input` as dense memory in which the reduced dimensions lie together, and the sizes before,
    /// among and after them.
    static func grouped(_ input: Block, _ axes: Axes, _ dtype: DType) throws(TensorError)
        -> (source: Block, outer: Int, reduce: Int, inner: Int)
    {
        let mask = (try? axes.mask(input.ndim)) ?? []
        let first = mask.firstIndex(of: true) ?? input.ndim
        let last = mask.lastIndex(of: true) ?? input.ndim - 1
        // Beside a dimension of size 0 the others may be of any size: then there is nothing to do.
        func size(_ dims: some Sequence<Int>) -> Int { dims.reduce(1) { $0 &* input.sizes[$1] } }
        if first > last { return (try dense(input, dtype), input.numel, 1, 1) }
        if mask[first...last].allSatisfy({ $0 }) {
            return (
                try dense(input, dtype), size(0..<first), size(first...last),
                size((last + 1)..<input.ndim)
            )
        }
        // Reduced and kept dimensions alternate: bring the reduced ones to the end.
        let order = mask.indices.filter { !mask[$0] } + mask.indices.filter { mask[$0] }
        let layout = Layout(
            sizes: Dims(order.map { input.sizes[$0] }),
            strides: Dims(order.map { input.layout.strides[$0] }),
            offset: input.layout.offset)
        let moved = Block(input.storage, layout, input.dtype, input.device)
        return (
            try dense(moved, dtype), size(mask.indices.filter { !mask[$0] }),
            size(mask.indices.filter { mask[$0] }), 1
        )
    }
}
