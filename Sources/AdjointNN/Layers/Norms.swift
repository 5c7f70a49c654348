public import AdjointCore

/// The last dimensions scaled to mean 0 and variance 1, then scaled and shifted as learnt.
public final class LayerNorm: HookedLayer {
    /// Of the normalised shape; nil where not affine.
    public let weight: Parameter?
    /// Of the normalised shape; nil where not affine, or without bias.
    public let bias: Parameter?
    /// The sizes of the dimensions that are normalised, which are the input's last.
    public let normalizedShape: [Int]
    /// What is added to variances, so that none is 0.
    public let eps: Double

    /// Scales start at 1 and shifts at 0.
    ///
    /// - Parameters:
    ///   - normalizedShape: The sizes of the input's last dimensions.
    ///   - eps: What is added to variances, so that none is 0.
    ///   - elementwiseAffine: Whether elements are scaled as learnt.
    ///   - bias: Whether there are shifts.
    ///   - dtype: The type of the parameters.
    public init(
        _ normalizedShape: [Int], eps: Double = 1e-5, elementwiseAffine: Bool = true,
        bias: Bool = true, dtype: DType = .float32
    ) {
        let affine = elementwiseAffine
        weight = affine ? Parameter(Tensor.ones(normalizedShape, dtype: dtype)) : nil
        self.bias = affine && bias ? Parameter(Tensor.zeros(normalizedShape, dtype: dtype)) : nil
        self.normalizedShape = normalizedShape
        self.eps = eps
    }

    /// Normalises the last dimension, of size `width`.
    public convenience init(
        _ width: Int, eps: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true,
        dtype: DType = .float32
    ) {
        self.init(
            [width], eps: eps, elementwiseAffine: elementwiseAffine, bias: bias, dtype: dtype)
    }

    public func forward(_ x: Tensor) -> Tensor {
        layerNorm(x, normalizedShape, weight: weight, bias: bias, eps: eps)
    }
}

/// The last dimensions divided by the root of their mean square, then scaled as learnt (Zhang and
/// Sennrich, 2019).
public final class RMSNorm: HookedLayer {
    /// Of the normalised shape; nil where not affine.
    public let weight: Parameter?
    /// The sizes of the dimensions that are normalised, which are the input's last.
    public let normalizedShape: [Int]
    /// Added to the mean square; nil for the smallest step of the input's dtype above 1.
    public let eps: Double?

    /// Scales start at 1.
    ///
    /// - Parameters:
    ///   - normalizedShape: The sizes of the input's last dimensions.
    ///   - eps: What is added to the mean square; nil for the dtype's spacing at 1.
    ///   - elementwiseAffine: Whether elements are scaled as learnt.
    ///   - dtype: The type of the parameters.
    public init(
        _ normalizedShape: [Int], eps: Double? = nil, elementwiseAffine: Bool = true,
        dtype: DType = .float32
    ) {
        weight = elementwiseAffine ? Parameter(Tensor.ones(normalizedShape, dtype: dtype)) : nil
        self.normalizedShape = normalizedShape
        self.eps = eps
    }

    /// Normalises the last dimension, of size `width`.
    public convenience init(
        _ width: Int, eps: Double? = nil, elementwiseAffine: Bool = true, dtype: DType = .float32
    ) {
        self.init([width], eps: eps, elementwiseAffine: elementwiseAffine, dtype: dtype)
    }

    public func forward(_ x: Tensor) -> Tensor {
        rmsNorm(x, normalizedShape, weight: weight, eps: eps)
    }
}

/// Groups of channels of [batch, channels, ...] scaled to mean 0 and variance 1, sample by sample;
/// then each channel scaled and shifted as learnt (Wu and He, 2018).
public final class GroupNorm: HookedLayer {
    /// [channels]; nil where not affine.
    public let weight: Parameter?
    /// [channels]; nil where not affine.
    public let bias: Parameter?
    /// How many groups the channels are divided into.
    public let numGroups: Int
    /// What is added to variances, so that none is 0.
    public let eps: Double

    /// - Parameters:
    ///   - numGroups: A divisor of the number of channels.
    ///   - numChannels: The number of channels.
    ///   - eps: What is added to variances, so that none is 0.
    ///   - affine: Whether channels are scaled and shifted as learnt.
    ///   - dtype: The type of the parameters.
    public init(
        _ numGroups: Int, _ numChannels: Int, eps: Double = 1e-5, affine: Bool = true,
        dtype: DType = .float32
    ) {
        weight = affine ? Parameter(Tensor.ones([numChannels], dtype: dtype)) : nil
        bias = affine ? Parameter(Tensor.zeros([numChannels], dtype: dtype)) : nil
        self.numGroups = numGroups
        self.eps = eps
    }

    public func forward(_ x: Tensor) -> Tensor {
        groupNorm(x, numGroups, weight: weight, bias: bias, eps: eps)
    }
}

/// Each element divided by (k + α · mean of the squares of `size` neighbouring channels)^β.
public final class LocalResponseNorm: HookedLayer {
    /// How many neighbouring channels count, the own one among them.
    public let size: Int
    /// α: what the mean square is multiplied by.
    public let alpha: Double
    /// β: the power of the divisor.
    public let beta: Double
    /// k: what is added to the mean square.
    public let k: Double

    /// Over `size` neighbouring channels of [batch, channels, ...].
    public init(_ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k
    }

    public func forward(_ x: Tensor) -> Tensor {
        localResponseNorm(x, size: size, alpha: alpha, beta: beta, k: k)
    }
}
