/// The mean of each window over the last dimensions.
public struct AvgPool: LinearOp {
    public static let info = OpInfo(
        "avgPool", family: .convolution, formula: "Σ over each window / its size",
        derivative: "the gradient spread over each window",
        torch: "torch.nn.functional.avg_pool2d", dtypes: .floating)
    let window: Window
    let ceilMode: Bool
    let divisor: PoolDivisor

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        try check(x.dtype)
        for i in 0..<window.dims where window.padding[i] * 2 > window.kernel[i] {
            throw TensorError(
                .argument,
                "padding \(window.padding) must be at most half of the kernel \(window.kernel)")
        }
        return TensorSpec(try window.pooled(x.sizes, ceilMode: ceilMode), x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.averagePool(inputs.first, window, divisor, into: output)
    }

    public func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(AvgPoolGradient(pool: self, sizes: saved.sizes(0)), Operands(cotangent))
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.foldingRows(window.dims) { [apply(self, Operands($0))] }[0]
    }

    static func pools() -> [(AvgPool, Dims)] {
        func pool(
            _ x: Dims, _ kernel: Int, _ stride: Int, _ padding: Int, ceil: Bool = false,
            _ divisor: PoolDivisor = PoolDivisor()
        ) -> (AvgPool, Dims)? {
            (try? Window(x.count - 2, kernel: kernel, stride: stride, padding: padding)).map {
                (AvgPool(window: $0, ceilMode: ceil, divisor: divisor), x)
            }
        }
        return [
            pool([2, 2, 5, 4], 2, 2, 0), pool([1, 2, 5, 5], 3, 2, 1, .init(countsPadding: false)),
            pool([1, 2, 6], 3, 2, 1, ceil: true),
            pool([1, 1, 3, 4, 3], 2, 1, 0, .init(override: 3)),
            pool([0, 2, 4, 4], 2, 2, 0),
        ].compactMap { $0 }
    }

    public static var samples: [Sample] { pools().map { Sample($0, .init($1)) } }
}

/// The transpose of `AvgPool`: each element spread evenly over its window.
struct AvgPoolGradient: LinearOp {
    static let info = OpInfo(
        "avgPoolGradient", family: .convolution, formula: "the transpose of avgPool",
        derivative: "avgPool", torch: "", dtypes: .floating)
    let pool: AvgPool
    /// The shape of what was pooled.
    let sizes: Dims

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        let pooled = try pool.window.pooled(sizes, ceilMode: pool.ceilMode)
        if inputs.first.sizes != pooled {
            throw TensorError(
                .shape, "expected a gradient of shape \(pooled), but got \(inputs.first.shape)")
        }
        return TensorSpec(sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.averagePoolGradient(inputs.first, pool.window, pool.divisor, into: output)
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(pool, Operands(cotangent))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let isFolded = inputs.rank(0) >= pool.window.dims + 2
        let whole = Dims(
            isFolded
                ? [inputs.size &* sizes[0]] + sizes.dropFirst() : [inputs.size] + Array(sizes))
        return inputs.foldingRows(pool.window.dims) {
            [apply(AvgPoolGradient(pool: pool, sizes: whole), Operands($0))]
        }[0]
    }

    static var samples: [Sample] {
        AvgPool.pools().compactMap { pool, sizes in
            (try? pool.window.pooled(sizes, ceilMode: pool.ceilMode)).map {
                Sample(AvgPoolGradient(pool: pool, sizes: sizes), .init($0))
            }
        }
    }
}

/// The mean of each window of `x`, [batch, channels, length] or [channels, length].
/// See `avgPool2d`.
public func avgPool1d(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, ceilMode: Bool = false, countIncludePad: Bool = true
) -> Tensor {
    avgPool("avgPool1d", 1, x, kernelSize, stride, padding, ceilMode, countIncludePad, nil)
}

/// The mean of each window of `x`, [batch, channels, height, width] or without the batch.
///
/// - Parameters:
///   - x: [batch, channels, height, width], or without the batch.
///   - kernelSize: The size of the window, one number or one a dimension.
///   - stride: The step of the window; the kernel's size if nil.
///   - padding: Zeros on both sides; at most half the kernel.
///   - ceilMode: Whether a last window may reach beyond the end.
///   - countIncludePad: Whether the padding counts in the size that a sum is divided by.
///   - divisorOverride: What every sum is divided by instead.
/// - Errors: `.shape` where the window does not fit, `.argument` for sizes below 1 and the like.
public func avgPool2d(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
    divisorOverride: Int? = nil
) -> Tensor {
    avgPool(
        "avgPool2d", 2, x, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride)
}

/// The mean of each window over the last three dimensions of `x`. See `avgPool2d`.
public func avgPool3d(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
    divisorOverride: Int? = nil
) -> Tensor {
    avgPool(
        "avgPool3d", 3, x, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride)
}

private func avgPool(
    _ name: String, _ dims: Int, _ x: Tensor, _ kernelSize: any SpatialSize,
    _ stride: (any SpatialSize)?, _ padding: any SpatialSize, _ ceilMode: Bool,
    _ countIncludePad: Bool, _ divisorOverride: Int?
) -> Tensor {
    do throws(TensorError) {
        if divisorOverride == 0 {
            throw TensorError(.argument, "divisorOverride must not be 0; nil divides by the size")
        }
        let window = try Window(
            dims, kernel: kernelSize, stride: stride ?? kernelSize, padding: padding)
        let divisor = PoolDivisor(countsPadding: countIncludePad, override: divisorOverride ?? 0)
        let op = AvgPool(window: window, ceilMode: ceilMode, divisor: divisor)
        if x.dtype == .int64 {
            // Sums below 2⁵³ are exact, and their quotients are cut as whole numbers' are.
            return apply(op, Operands(x.to(.float64))).trunc().to(.int64)
        }
        return apply(op, Operands(x))
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype)
    }
}
