public import AdjointCore

/// The negative log likelihood of a normal distribution with its own variance for each element, see
/// `gaussianNllLoss`.
public final class GaussianNLLLoss: Module {
    /// Whether the constant term counts.
    public let full: Bool
    /// The least variance.
    public let eps: Double
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For means, targets and variances of one shape, or with one variance a row.
    public init(full: Bool = false, eps: Double = 1e-6, reduction: Reduction = .mean) {
        self.full = full
        self.eps = eps
        self.reduction = reduction
    }

    /// The loss of targets under normal distributions with means `x`.
    ///
    /// - Errors: `.argument` for a negative variance.
    public func callAsFunction(_ x: Tensor, _ target: Tensor, _ variance: Tensor) -> Tensor {
        callWithHooks([x, target, variance]) {
            [
                gaussianNllLoss(
                    $0[0], $0[1], variance: $0[2], full: full, eps: eps, reduction: reduction)
            ]
        }[0]
    }
}

/// By how much the first input fails to exceed the second, or the other way round where the target
/// is -1, see `marginRankingLoss`.
public final class MarginRankingLoss: Module {
    /// By how much one input has to exceed the other.
    public let margin: Double
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For pairs of numbers, and targets of 1 and -1 of the same shape.
    public init(margin: Double = 0, reduction: Reduction = .mean) {
        self.margin = margin
        self.reduction = reduction
    }

    /// The loss of `x1` and `x2`, of which the first should be larger where `target` is 1.
    public func callAsFunction(_ x1: Tensor, _ x2: Tensor, _ target: Tensor) -> Tensor {
        callWithHooks([x1, x2, target]) {
            [marginRankingLoss($0[0], $0[1], $0[2], margin: margin, reduction: reduction)]
        }[0]
    }
}

/// 1 - cos where the target is 1, what cos exceeds the margin by where it is -1, see
/// `cosineEmbeddingLoss`.
public final class CosineEmbeddingLoss: Module {
    /// The cosine up to which a pair with target -1 costs nothing.
    public let margin: Double
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For pairs of vectors [batch, width], and targets of 1 and -1, [batch].
    public init(margin: Double = 0, reduction: Reduction = .mean) {
        self.margin = margin
        self.reduction = reduction
    }

    /// The loss of pairs of vectors, which should point the same way where `target` is 1.
    public func callAsFunction(_ x1: Tensor, _ x2: Tensor, _ target: Tensor) -> Tensor {
        callWithHooks([x1, x2, target]) {
            [cosineEmbeddingLoss($0[0], $0[1], $0[2], margin: margin, reduction: reduction)]
        }[0]
    }
}

/// By how much a negative example fails to lie farther from the anchor than a positive one, see
/// `tripletMarginLoss`.
public final class TripletMarginLoss: Module {
    /// By how much the negative example has to lie farther away.
    public let margin: Double
    /// The norm of the distance.
    public let p: Double
    /// What is added to each difference.
    public let eps: Double
    /// Whether the nearer of anchor and positive counts for the negative.
    public let swap: Bool
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For three tensors [batch, width] each.
    public init(
        margin: Double = 1, p: Double = 2, eps: Double = 1e-6, swap: Bool = false,
        reduction: Reduction = .mean
    ) {
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap
        self.reduction = reduction
    }

    /// The loss of examples [batch, width]: one near the anchor, one far away.
    public func callAsFunction(_ anchor: Tensor, _ positive: Tensor, _ negative: Tensor) -> Tensor {
        callWithHooks([anchor, positive, negative]) {
            [
                tripletMarginLoss(
                    $0[0], $0[1], $0[2], margin: margin, p: p, eps: eps, swap: swap,
                    reduction: reduction)
            ]
        }[0]
    }
}

/// `TripletMarginLoss` with a distance of one's own, see `tripletMarginWithDistanceLoss`.
public final class TripletMarginWithDistanceLoss: Module {
    /// The distance of the vectors of two tensors.
    public let distance: @Sendable (Tensor, Tensor) -> Tensor
    /// By how much the negative example has to lie farther away.
    public let margin: Double
    /// Whether the nearer of anchor and positive counts for the negative.
    public let swap: Bool
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// The Euclidean distance, unless another is given.
    public init(
        distance: @escaping @Sendable (Tensor, Tensor) -> Tensor = { pairwiseDistance($0, $1) },
        margin: Double = 1, swap: Bool = false, reduction: Reduction = .mean
    ) {
        self.distance = distance
        self.margin = margin
        self.swap = swap
        self.reduction = reduction
    }

    /// The loss of examples: one near the anchor, one far away.
    public func callAsFunction(_ anchor: Tensor, _ positive: Tensor, _ negative: Tensor) -> Tensor {
        callWithHooks([anchor, positive, negative]) {
            [
                tripletMarginWithDistanceLoss(
                    $0[0], $0[1], $0[2], distance: distance, margin: margin, swap: swap,
                    reduction: reduction)
            ]
        }[0]
    }
}

/// The negative log likelihood of label sequences over all their alignments, see `ctcLoss`.
public final class CTCLoss: Module {
    /// The class that stands for no label.
    public let blank: Int
    /// How the losses of single elements become the result.
    public let reduction: Reduction
    /// Whether a sample that has no alignment counts 0 instead of ∞.
    public let zeroInfinity: Bool

    /// A mean divides each loss by its target's length first.
    public init(blank: Int = 0, reduction: Reduction = .mean, zeroInfinity: Bool = false) {
        self.blank = blank
        self.reduction = reduction
        self.zeroInfinity = zeroInfinity
    }

    /// The loss of `logProbs`, [time, batch, classes] or [time, classes], under labels of the given
    /// lengths. See `ctcLoss`.
    public func callAsFunction(
        _ logProbs: Tensor, _ targets: Tensor, _ inputLengths: Tensor, _ targetLengths: Tensor
    ) -> Tensor {
        callWithHooks([logProbs, targets, inputLengths, targetLengths]) {
            [
                ctcLoss(
                    $0[0], $0[1], inputLengths: $0[2], targetLengths: $0[3], blank: blank,
                    reduction: reduction, zeroInfinity: zeroInfinity)
            ]
        }[0]
    }
}
