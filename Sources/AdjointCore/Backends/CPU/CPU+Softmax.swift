import CAdjoint

/// The loops of a normalisation over the middle of `[outer, reduce, inner]`, of one operand or two.
struct RowKernel: Sendable {
    typealias Loop<T> =
        @Sendable (UnsafePointer<T>?, UnsafeMutablePointer<T>?, Int, Int, Int) -> Void
    typealias PairLoop<T> =
        @Sendable (
            UnsafePointer<T>?, UnsafePointer<T>?, UnsafeMutablePointer<T>?, Int, Int, Int
        ) -> Void
    let f32: Loop<Float>
    let f64: Loop<Double>
    let backwardF32: PairLoop<Float>
    let backwardF64: PairLoop<Double>

    static let softmax = RowKernel(
        f32: adj_softmax_f32, f64: adj_softmax_f64, backwardF32: adj_softmax_backward_f32,
        backwardF64: adj_softmax_backward_f64)
    static let logSoftmax = RowKernel(
        f32: adj_log_softmax_f32, f64: adj_log_softmax_f64,
        backwardF32: adj_log_softmax_backward_f32, backwardF64: adj_log_softmax_backward_f64)
}

extension CPU {
    /// The sizes before, at and after dimension `dim`.
    static func rows(_ sizes: Dims, _ dim: Int) -> (outer: Int, reduce: Int, inner: Int) {
        if sizes.isEmpty { return (1, 1, 1) }
        return (
            Dims(sizes.prefix(dim)).product, sizes[dim], Dims(sizes.dropFirst(dim + 1)).product
        )
    }

    /// Normalises each row of `input` along `dim`.
    static func normalize(_ input: Block, dim: Int, _ kernel: RowKernel, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        let dtype = output.dtype.computeType
        let source = try dense(input, dtype)
        let (outer, reduce, inner) = rows(output.sizes, dim)
        try writing(output, as: dtype) { target in
            if dtype == .float64 {
                kernel.f64(source.elements(), target.elements(), outer, reduce, inner)
            } else {
                kernel.f32(source.elements(), target.elements(), outer, reduce, inner)
            }
        }
    }

    /// The gradient of `normalize`, from the gradient and the value of its result.
    static func normalizeBackward(
        _ cotangent: Block, _ value: Block, dim: Int, _ kernel: RowKernel, into output: Block
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let dtype = output.dtype.computeType
        let (g, y) = try (dense(cotangent, dtype), dense(value, dtype))
        let (outer, reduce, inner) = rows(output.sizes, dim)
        try writing(output, as: dtype) { target in
            if dtype == .float64 {
                kernel.backwardF64(
                    g.elements(), y.elements(), target.elements(), outer, reduce, inner)
            } else {
                kernel.backwardF32(
                    g.elements(), y.elements(), target.elements(), outer, reduce, inner)
            }
        }
    }
}
