// Losses that are zero beyond a margin. Labels are 1 and -1 unless said otherwise.

/// How far apart `x` and `y` are in the mean: x where the label is 1, max(0, margin - x) where it
/// is -1. Same as `torch.nn.functional.hinge_embedding_loss`.
public func hingeEmbeddingLoss(
    _ x: Tensor, _ target: Tensor, margin: Double = 1, reduction: Reduction = .mean
) -> Tensor {
    let x = x.unhalved
    let apart = (margin - x).clamp(min: 0)
    let losses =
        Tensor.where(target .!= 1, apart, 0) + Tensor.where(target .!= -1, x, 0)
    return reduction(losses)
}

/// max(0, margin - label · (x1 - x2)): label 1 where `x1` is to be the larger. Same as
/// `torch.nn.functional.margin_ranking_loss`.
///
/// - Errors: `.shape` where the shapes have different numbers of dimensions.
public func marginRankingLoss(
    _ x1: Tensor, _ x2: Tensor, _ target: Tensor, margin: Double = 0,
    reduction: Reduction = .mean
) -> Tensor {
    let (x1, x2) = (x1.unhalved, x2.unhalved)
    if x1.ndim != x2.ndim || x1.ndim != target.ndim {
        return Failure.poison(
            TensorError(
                .shape,
                "expected inputs and target of one number of dimensions, but got shapes "
                    + "\(x1.shape), \(x2.shape) and \(target.shape)",
                operation: "marginRankingLoss"))
    }
    return reduction((margin - target * (x1 - x2)).clamp(min: 0))
}

/// log(1 + exp(-label · x)). Same as `torch.nn.functional.soft_margin_loss`.
public func softMarginLoss(
    _ x: Tensor, _ target: Tensor, reduction: Reduction = .mean
) -> Tensor {
    let x = x.unhalved
    return reduction(-(target * x).logSigmoid())
}

/// 1 - cos(x1, x2) where the label is 1, max(0, cos(x1, x2) - margin) where it is -1, for vectors
/// [width] with a label [], or [batch, width] with [batch]. Same as
/// `torch.nn.functional.cosine_embedding_loss`.
///
/// - Errors: `.shape` for other shapes.
public func cosineEmbeddingLoss(
    _ x1: Tensor, _ x2: Tensor, _ target: Tensor, margin: Double = 0,
    reduction: Reduction = .mean
) -> Tensor {
    let (x1, x2) = (x1.unhalved, x2.unhalved)
    let dim = target.ndim
    if dim > 1 || x1.ndim != dim + 1 || x2.ndim != dim + 1 {
        return Failure.poison(
            TensorError(
                .shape,
                "expected vectors [width] and a label [], or [batch, width] and [batch], but got "
                    + "\(x1.shape), \(x2.shape) and \(target.shape)",
                operation: "cosineEmbeddingLoss"))
    }
    let sizes = ((x1 * x1).sum(dim: dim) + 1e-12) * ((x2 * x2).sum(dim: dim) + 1e-12)
    let cosine = (x1 * x2).sum(dim: dim) / sizes.sqrt()
    let losses =
        Tensor.where(target .== 1, 1 - cosine, 0)
        + Tensor.where(target .== -1, (cosine - margin).clamp(min: 0), 0)
    return reduction(losses)
}

/// max(0, d(anchor, positive) - d(anchor, negative) + margin) with the distance d of the last
/// dimension's vectors in the p-norm. Same as `torch.nn.functional.triplet_margin_loss`.
///
/// - Parameters:
///   - anchor: [..., width].
///   - positive: What should lie near the anchor, [..., width].
///   - negative: What should lie far from the anchor, [..., width].
///   - margin: By how much the negative has to lie farther away.
///   - p: Which norm.
///   - eps: Added to each difference, so that the norm is smooth.
///   - swap: Whether d(positive, negative) takes the place of a larger d(anchor, negative) (Balntas
///     et al., 2016).
///   - reduction: The mean, the sum, or the losses as they are.
/// - Errors: `.shape` where the numbers of dimensions differ, `.argument` unless the margin is
///   positive.
public func tripletMarginLoss(
    _ anchor: Tensor, _ positive: Tensor, _ negative: Tensor, margin: Double = 1, p: Double = 2,
    eps: Double = 1e-6, swap: Bool = false, reduction: Reduction = .mean
) -> Tensor {
    let (anchor, positive, negative) = (anchor.unhalved, positive.unhalved, negative.unhalved)
    func distance(_ a: Tensor, _ b: Tensor) -> Tensor {
        let difference = a - b + eps
        return difference.ndim == 0 ? difference.abs() : difference.norm(p, dim: -1)
    }
    return tripletMarginWithDistanceLoss(
        anchor, positive, negative, distance: distance, margin: margin, swap: swap,
        reduction: reduction, operation: "tripletMarginLoss")
}

/// The triplet loss with a distance of one's own. Same as
/// `torch.nn.functional.triplet_margin_with_distance_loss`.
public func tripletMarginWithDistanceLoss(
    _ anchor: Tensor, _ positive: Tensor, _ negative: Tensor,
    distance: (Tensor, Tensor) -> Tensor, margin: Double = 1, swap: Bool = false,
    reduction: Reduction = .mean
) -> Tensor {
    let (anchor, positive, negative) = (anchor.unhalved, positive.unhalved, negative.unhalved)
    return tripletMarginWithDistanceLoss(
        anchor, positive, negative, distance: distance, margin: margin, swap: swap,
        reduction: reduction, operation: "tripletMarginWithDistanceLoss")
}

private func tripletMarginWithDistanceLoss(
    _ anchor: Tensor, _ positive: Tensor, _ negative: Tensor,
    distance: (Tensor, Tensor) -> Tensor, margin: Double, swap: Bool, reduction: Reduction,
    operation: String
) -> Tensor {
    if anchor.ndim != positive.ndim || anchor.ndim != negative.ndim {
        return Failure.poison(
            TensorError(
                .shape,
                "expected anchor, positive and negative of one number of dimensions, but got "
                    + "\(anchor.shape), \(positive.shape) and \(negative.shape)",
                operation: operation))
    }
    if !(margin > 0) {
        return Failure.poison(
            TensorError(
                .argument, "the margin must be positive, but is \(margin)", operation: operation))
    }
    let near = distance(anchor, positive)
    var far = distance(anchor, negative)
    if swap { far = far.minimum(distance(positive, negative)) }
    return reduction((near - far + margin).clamp(min: 0))
}
