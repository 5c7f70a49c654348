public import AdjointCore

/// What the three batch normalisations share: parameters, running statistics, the step.
public class BatchNorm: HookedLayer, @unchecked Sendable {
    /// The scale of each channel; nil where not affine.
    public final let weight: Parameter?
    /// The shift of each channel; nil where not affine.
    public final let bias: Parameter?
    /// The mean of each channel over the batches so far; nil where none is tracked.
    public final let runningMean: Buffer?
    /// The unbiased variance of each channel over the batches so far.
    public final let runningVar: Buffer?
    /// How many batches there were, int64.
    public final let numBatchesTracked: Buffer?
    /// What is added to variances, so that none is 0.
    public final let eps: Double
    /// The weight of a new batch in the running statistics; nil for a plain average.
    public final let momentum: Double?
    private let ranks: ClosedRange<Int>

    fileprivate init(
        _ features: Int, _ ranks: ClosedRange<Int>, eps: Double, momentum: Double?, affine: Bool,
        trackRunningStats: Bool, dtype: DType
    ) {
        weight = affine ? Parameter(Tensor.ones([features], dtype: dtype)) : nil
        bias = affine ? Parameter(Tensor.zeros([features], dtype: dtype)) : nil
        let tracks = trackRunningStats
        runningMean = tracks ? Buffer(Tensor.zeros([features], dtype: dtype)) : nil
        runningVar = tracks ? Buffer(Tensor.ones([features], dtype: dtype)) : nil
        numBatchesTracked = tracks ? Buffer(Tensor.zeros([], dtype: .int64)) : nil
        self.eps = eps
        self.momentum = momentum
        self.ranks = ranks
    }

    public final func forward(_ x: Tensor) -> Tensor {
        if !ranks.contains(x.ndim) {
            let wanted = ranks.count == 1 ? "\(ranks.lowerBound)" : "2 or 3"
            return Failure.poison(
                TensorError(
                    .shape, "expected an input of \(wanted) dimensions, but got shape \(x.shape)",
                    operation: "batchNorm"))
        }
        let isTraining = isTraining
        var share = momentum ?? 0
        if isTraining, let count = numBatchesTracked {
            noGrad { _ = count.add_(1) }
            if momentum == nil { share = 1 / count.item(as: Double.self) }
        }
        return batchNorm(
            x, runningMean: runningMean, runningVar: runningVar, weight: weight, bias: bias,
            training: isTraining || runningMean == nil, momentum: share, eps: eps)
    }
}

/// Each channel of [batch, channels] or [batch, channels, length] scaled to mean 0 and variance 1
/// over the batch, in evaluation by running statistics; then scaled and shifted as learnt.
public final class BatchNorm1d: BatchNorm, @unchecked Sendable {
    /// Statistics of `features` channels, which are tracked unless told otherwise.
    public init(
        _ features: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStats: Bool = true, dtype: DType = .float32
    ) {
        super.init(
            features, 2...3, eps: eps, momentum: momentum, affine: affine,
            trackRunningStats: trackRunningStats, dtype: dtype)
    }
}

/// As `BatchNorm1d`, for [batch, channels, height, width].
public final class BatchNorm2d: BatchNorm, @unchecked Sendable {
    /// Statistics of `features` channels, which are tracked unless told otherwise.
    public init(
        _ features: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStats: Bool = true, dtype: DType = .float32
    ) {
        super.init(
            features, 4...4, eps: eps, momentum: momentum, affine: affine,
            trackRunningStats: trackRunningStats, dtype: dtype)
    }
}

/// As `BatchNorm1d`, for [batch, channels, depth, height, width].
public final class BatchNorm3d: BatchNorm, @unchecked Sendable {
    /// Statistics of `features` channels, which are tracked unless told otherwise.
    public init(
        _ features: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStats: Bool = true, dtype: DType = .float32
    ) {
        super.init(
            features, 5...5, eps: eps, momentum: momentum, affine: affine,
            trackRunningStats: trackRunningStats, dtype: dtype)
    }
}
