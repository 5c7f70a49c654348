/// The mean of (x - target)², or their sum, or each.
public func mseLoss(_ x: Tensor, _ target: Tensor, reduction: Reduction = .mean) -> Tensor {
    let (x, target) = (x.unhalved, target.unhalved)
    return reduction((x - target).square())
}

/// The mean of |x - target|, or their sum, or each.
public func l1Loss(_ x: Tensor, _ target: Tensor, reduction: Reduction = .mean) -> Tensor {
    let (x, target) = (x.unhalved, target.unhalved)
    return reduction((x - target).abs())
}

/// d² / (2 beta) where |d| = |x - target| is below `beta`, and |d| - beta / 2 beyond.
///
/// - Errors: `.argument` for a negative `beta`.
public func smoothL1Loss(
    _ x: Tensor, _ target: Tensor, reduction: Reduction = .mean, beta: Double = 1
) -> Tensor {
    let (x, target) = (x.unhalved, target.unhalved)
    if !(beta >= 0) {
        return Failure.poison(
            TensorError(
                .argument, "beta must not be negative, but is \(beta)", operation: "smoothL1Loss"))
    }
    if beta == 0 { return l1Loss(x, target, reduction: reduction) }
    let difference = x - target
    let size = difference.abs()
    return reduction(
        Tensor.where(
            size .< beta, difference.square() * (0.5 / beta), size - 0.5 * beta))
}

/// d² / 2 where |d| = |x - target| is below `delta`, and delta (|d| - delta / 2) beyond (Huber,
/// 1964).
///
/// - Errors: `.argument` unless `delta` is positive.
public func huberLoss(
    _ x: Tensor, _ target: Tensor, reduction: Reduction = .mean, delta: Double = 1
) -> Tensor {
    let (x, target) = (x.unhalved, target.unhalved)
    if !(delta > 0) {
        return Failure.poison(
            TensorError(
                .argument, "delta must be positive, but is \(delta)", operation: "huberLoss"))
    }
    let difference = x - target
    let size = difference.abs()
    return reduction(
        Tensor.where(
            size .< delta, difference.square() * 0.5, (size - 0.5 * delta) * delta))
}
