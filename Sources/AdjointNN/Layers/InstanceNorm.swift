public import AdjointCore

/// What the three instance normalisations share; of [batch, channels, height, width] unless a
/// subclass says otherwise.
public class InstanceNormLayer: HookedLayer, @unchecked Sendable {
    /// The scale of each channel; nil where not affine.
    public final let weight: Parameter?
    /// The shift of each channel; nil where not affine.
    public final let bias: Parameter?
    /// The mean of each channel over the samples so far; nil where none is tracked.
    public final let runningMean: Buffer?
    /// The unbiased variance of each channel over the samples so far.
    public final let runningVar: Buffer?
    /// How many batches there were, int64; PyTorch's state has the name and never counts.
    public final let numBatchesTracked: Buffer?
    /// The number of channels.
    public final let numFeatures: Int
    /// What is added to variances, so that none is 0.
    public final let eps: Double
    /// The weight of a new batch in the running statistics; nil counts as 0.
    public final let momentum: Double?
    class var spatial: Int { 2 }

    /// - Parameters:
    ///   - numFeatures: The number of channels.
    ///   - eps: What is added to variances, so that none is 0.
    ///   - momentum: The weight of a new batch in the running statistics.
    ///   - affine: Whether channels are scaled and shifted as learnt.
    ///   - trackRunningStats: Whether evaluation uses statistics gathered in training.
    ///   - dtype: The type of the parameters.
    public init(
        _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = false,
        trackRunningStats: Bool = false, dtype: DType = .float32
    ) {
        weight = affine ? Parameter(Tensor.ones([numFeatures], dtype: dtype)) : nil
        bias = affine ? Parameter(Tensor.zeros([numFeatures], dtype: dtype)) : nil
        let tracks = trackRunningStats
        runningMean = tracks ? Buffer(Tensor.zeros([numFeatures], dtype: dtype)) : nil
        runningVar = tracks ? Buffer(Tensor.ones([numFeatures], dtype: dtype)) : nil
        numBatchesTracked = tracks ? Buffer(Tensor.zeros([], dtype: .int64)) : nil
        self.numFeatures = numFeatures
        self.eps = eps
        self.momentum = momentum
    }

    public final func forward(_ x: Tensor) -> Tensor {
        if x.isPoisoned { return x }
        let rank = Self.spatial + 2
        guard x.ndim == rank || x.ndim == rank - 1 else {
            return refuse("expected an input of \(rank - 1) or \(rank) dimensions", x)
        }
        let batch = x.ndim == rank ? x : x.unsqueeze(0)
        guard batch.shape[1] == numFeatures else {
            return refuse("expected \(numFeatures) channels", x)
        }
        let y = instanceNorm(
            batch, runningMean: runningMean, runningVar: runningVar, weight: weight, bias: bias,
            useInputStats: isTraining || runningMean == nil, momentum: momentum ?? 0, eps: eps)
        return x.ndim == rank ? y : y.squeeze(0)
    }

    private func refuse(_ message: String, _ x: Tensor) -> Tensor {
        Failure.poison(
            TensorError(
                .shape, "\(message), but got shape \(x.shape)", operation: "instanceNorm"))
    }
}

/// Each channel of each sample of [batch, channels, length], or without the batch, scaled to mean 0
/// and variance 1 (Ulyanov et al., 2017).
public final class InstanceNorm1d: InstanceNormLayer, @unchecked Sendable {
    override class var spatial: Int { 1 }
}

/// As `InstanceNorm1d`, for [batch, channels, height, width].
public final class InstanceNorm2d: InstanceNormLayer, @unchecked Sendable {}

/// As `InstanceNorm1d`, for [batch, channels, depth, height, width].
public final class InstanceNorm3d: InstanceNormLayer, @unchecked Sendable {
    override class var spatial: Int { 3 }
}
