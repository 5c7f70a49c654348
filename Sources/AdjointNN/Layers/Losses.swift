public import AdjointCore

/// A loss as a part of a network: what `x` is to be compared with is its second input.
public protocol LossLayer: Module {
    /// What the loss computes. Calling the loss itself runs its hooks too.
    func forward(_ x: Tensor, _ target: Tensor) -> Tensor
}

extension LossLayer {
    /// `forward`, with the layer's hooks around it.
    public func callAsFunction(_ x: Tensor, _ target: Tensor) -> Tensor {
        callWithHooks([x, target]) { [forward($0[0], $0[1])] }[0]
    }
}

/// |x - target|, see `l1Loss`.
public final class L1Loss: LossLayer {
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// The distance of two tensors whose shapes broadcast.
    public init(reduction: Reduction = .mean) {
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        l1Loss(x, target, reduction: reduction)
    }
}

/// (x - target)², see `mseLoss`.
public final class MSELoss: LossLayer {
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// The squared distance of two tensors whose shapes broadcast.
    public init(reduction: Reduction = .mean) {
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        mseLoss(x, target, reduction: reduction)
    }
}

/// Half the square up to β, the distance beyond, see `smoothL1Loss`.
public final class SmoothL1Loss: LossLayer {
    /// How the losses of single elements become the result.
    public let reduction: Reduction
    /// β: the distance up to which the square counts.
    public let beta: Double

    /// The distance of two tensors whose shapes broadcast, smooth below `beta`.
    public init(reduction: Reduction = .mean, beta: Double = 1) {
        self.reduction = reduction
        self.beta = beta
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        smoothL1Loss(x, target, reduction: reduction, beta: beta)
    }
}

/// Half the square up to δ, δ times the distance beyond, see `huberLoss`.
public final class HuberLoss: LossLayer {
    /// How the losses of single elements become the result.
    public let reduction: Reduction
    /// δ: the distance up to which the square counts.
    public let delta: Double

    /// The distance of two tensors whose shapes broadcast, smooth below `delta`.
    public init(reduction: Reduction = .mean, delta: Double = 1) {
        self.reduction = reduction
        self.delta = delta
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        huberLoss(x, target, reduction: reduction, delta: delta)
    }
}

/// log(1 + exp(-target · x)), see `softMarginLoss`.
public final class SoftMarginLoss: LossLayer {
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For scores, and targets of 1 and -1 of the same shape.
    public init(reduction: Reduction = .mean) {
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        softMarginLoss(x, target, reduction: reduction)
    }
}

/// x where the target is 1, what it lacks of a margin where it is -1, see `hingeEmbeddingLoss`.
public final class HingeEmbeddingLoss: LossLayer {
    /// What x is compared with where the target is -1.
    public let margin: Double
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For distances, and targets of 1 and -1 of the same shape.
    public init(margin: Double = 1, reduction: Reduction = .mean) {
        self.margin = margin
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        hingeEmbeddingLoss(x, target, margin: margin, reduction: reduction)
    }
}

/// The negative log likelihood of counts, see `poissonNllLoss`.
public final class PoissonNLLLoss: LossLayer {
    /// Whether x is the logarithm of the rate.
    public let logInput: Bool
    /// Whether Stirling's term counts.
    public let full: Bool
    /// What is added to a rate whose logarithm is taken.
    public let eps: Double
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For rates, or their logarithms, and counts of the same shape.
    public init(
        logInput: Bool = true, full: Bool = false, eps: Double = 1e-8, reduction: Reduction = .mean
    ) {
        self.logInput = logInput
        self.full = full
        self.eps = eps
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        poissonNllLoss(x, target, logInput: logInput, full: full, eps: eps, reduction: reduction)
    }
}

/// The divergence of a distribution, given its logarithm, from a target, see `klDiv`.
public final class KLDivLoss: LossLayer {
    /// How the terms become the result.
    public let reduction: DivergenceReduction
    /// Whether the target is a logarithm too.
    public let logTarget: Bool

    /// For log probabilities, and probabilities of the same shape.
    public init(reduction: DivergenceReduction = .mean, logTarget: Bool = false) {
        self.reduction = reduction
        self.logTarget = logTarget
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        klDiv(x, target, reduction: reduction, logTarget: logTarget)
    }
}
