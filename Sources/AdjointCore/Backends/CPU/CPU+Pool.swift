import CAdjoint

/// What the mean of a window is divided by.
struct PoolDivisor: Sendable, Hashable {
    /// Whether padding counts as elements of the window.
    var countsPadding = true
    /// A divisor for every window; 0 for the number of its elements.
    var override = 0
}

extension CPU {
    /// The largest element of each window over the last dimensions, and where in its plane it is.
    static func maxPool(_ x: Block, _ window: Window, into values: Block, _ indices: Block)
        throws(TensorError)
    {
        if values.numel == 0 { return }
        let (input, output) = (x.shape.suffix(window.dims), values.shape.suffix(window.dims))
        let planes = values.numel / output.reduce(1, *)
        let at = indices.elements(Int64.self)
        func run<T: Real>(
            _ dtype: DType, _: T.Type,
            _ kernel: (
                Int, Int, [Int], UnsafePointer<T>?, UnsafeMutablePointer<T>?
            ) -> Void
        ) throws(TensorError) {
            let source = try dense(x, dtype)
            try writing(values, as: dtype) {
                kernel(planes, window.dims, Array(input), source.elements(), $0.elements())
            }
        }
        if values.dtype.computeType == .float64 {
            try run(.float64, Double.self) { planes, dims, input, x, y in
                adj_maxpool_forward_f64(
                    planes, dims, input, window.kernel, Array(output), window.stride,
                    window.padding, window.dilation, x, y, at)
            }
        } else {
            try run(.float32, Float.self) { planes, dims, input, x, y in
                adj_maxpool_forward_f32(
                    planes, dims, input, window.kernel, Array(output), window.stride,
                    window.padding, window.dilation, x, y, at)
            }
        }
    }

    /// output[plane, indices[plane, i]] += x[plane, i], from zero; planes are the last `dims`
    /// dimensions.
    static func scatterPlanes(_ x: Block, _ indices: Block, dims: Int, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        let at = try dense(indices, .int64)
        let size = output.shape.suffix(dims).reduce(1, *)
        let planes = output.numel / size
        let count = x.numel / planes
        var missed = 0
        if output.dtype.computeType == .float64 {
            let source = try dense(x, .float64)
            try writing(output, as: .float64) {
                missed = adj_maxpool_backward_f64(
                    planes, size, count, source.elements(), at.elements(), $0.elements())
            }
        } else {
            let source = try dense(x, .float32)
            try writing(output, as: .float32) {
                missed = adj_maxpool_backward_f32(
                    planes, size, count, source.elements(), at.elements(), $0.elements())
            }
        }
        if missed > 0 { throw outside(size) }
    }

    /// output[plane, i] = x[plane, indices[plane, i]].
    static func gatherPlanes(_ x: Block, _ indices: Block, dims: Int, into output: Block)
        throws(TensorError)
    {
        if output.numel == 0 { return }
        // Windows over nothing but padding have no position.
        if x.numel == 0 { return fill(output, .int(0)) }
        let (source, at) = try (dense(x, output.dtype), dense(indices, .int64))
        let size = x.shape.suffix(dims).reduce(1, *)
        try checkPlaces(at, size)
        let planes = x.numel / size
        try writing(output, as: output.dtype) {
            adj_gather(
                output.dtype.itemSize, source.pointer!, at.elements(), $0.pointer!, planes, size,
                $0.numel / planes, 1)
        }
    }

    /// The mean of each window over the last dimensions.
    static func averagePool(
        _ x: Block, _ window: Window, _ divisor: PoolDivisor, into output: Block
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let (input, sizes) = (x.shape.suffix(window.dims), output.shape.suffix(window.dims))
        let planes = output.numel / sizes.reduce(1, *)
        let counts: Int32 = divisor.countsPadding ? 1 : 0
        if output.dtype.computeType == .float64 {
            let source = try dense(x, .float64)
            try writing(output, as: .float64) {
                adj_avgpool_forward_f64(
                    planes, window.dims, Array(input), window.kernel, Array(sizes), window.stride,
                    window.padding, counts, divisor.override, source.elements(), $0.elements())
            }
        } else {
            let source = try dense(x, .float32)
            try writing(output, as: .float32) {
                adj_avgpool_forward_f32(
                    planes, window.dims, Array(input), window.kernel, Array(sizes), window.stride,
                    window.padding, counts, divisor.override, source.elements(), $0.elements())
            }
        }
    }

    /// The transpose of `averagePool`.
    static func averagePoolGradient(
        _ gradient: Block, _ window: Window, _ divisor: PoolDivisor, into output: Block
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let input = output.shape.suffix(window.dims)
        let sizes = gradient.shape.suffix(window.dims)
        let planes = output.numel / input.reduce(1, *)
        let counts: Int32 = divisor.countsPadding ? 1 : 0
        if output.dtype.computeType == .float64 {
            let source = try dense(gradient, .float64)
            try writing(output, as: .float64) {
                adj_avgpool_backward_f64(
                    planes, window.dims, Array(input), window.kernel, Array(sizes), window.stride,
                    window.padding, counts, divisor.override, source.elements(), $0.elements())
            }
        } else {
            let source = try dense(gradient, .float32)
            try writing(output, as: .float32) {
                adj_avgpool_backward_f32(
                    planes, window.dims, Array(input), window.kernel, Array(sizes), window.stride,
                    window.padding, counts, divisor.override, source.elements(), $0.elements())
            }
        }
    }

    private static func checkPlaces(_ positions: Block, _ size: Int) throws(TensorError) {
        let at = positions.elements(Int64.self)
        var isOutside = false
        for i in 0..<positions.numel {
            isOutside = UInt64(bitPattern: at[i]) >= UInt64(size) || isOutside
        }
        if isOutside { throw outside(size) }
    }

    /// Hooks on saved tensors may give back other positions than there were.
    private static func outside(_ size: Int) -> TensorError {
        TensorError(.index, "positions in a plane of \(size) elements lie outside of it")
    }
}
