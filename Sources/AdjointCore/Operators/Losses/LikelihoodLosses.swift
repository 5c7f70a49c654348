/// How the terms of a divergence become the result.
public enum DivergenceReduction: Sendable, Hashable {
    /// They stay as they are.
    case none
    /// Their mean over all elements.
    case mean
    /// Their sum.
    case sum
    /// Their sum divided by the first size, which is what the divergence is by definition.
    case batchMean
}

/// The Kullback-Leibler divergence of `target` from `x`, a logarithm: t (log t - x), term by term.
/// Same as `torch.nn.functional.kl_div`.
///
/// - Parameters:
///   - x: The logarithms of probabilities.
///   - target: Probabilities, or their logarithms, of the same shape.
///   - reduction: What becomes of the terms; the divergence itself is `.batchMean`.
///   - logTarget: Whether `target` is a logarithm too.
/// - Errors: `.shape` for `.batchMean` of a tensor without dimensions.
public func klDiv(
    _ x: Tensor, _ target: Tensor, reduction: DivergenceReduction = .mean, logTarget: Bool = false
) -> Tensor {
    let (x, target) = (x.unhalved, target.unhalved)
    let terms =
        logTarget ? target.exp() * (target - x) : target.xlogy(target) - target * x
    switch reduction {
    case .none: return terms
    case .mean: return terms.mean()
    case .sum: return terms.sum()
    case .batchMean:
        guard x.ndim > 0 else {
            return Failure.poison(
                TensorError(
                    .shape, "batchMean divides by the first size, but the shape is []",
                    operation: "klDiv"))
        }
        return terms.sum() / Double(x.shape[0])
    }
}

/// The negative log likelihood of `target` under normal distributions of mean `x` and variance
/// `variance`: (log v + (x - t)² / v) / 2. Same as `torch.nn.functional.gaussian_nll_loss`.
///
/// - Parameters:
///   - x: The means.
///   - target: What was observed, in the shape of `x`.
///   - variance: In the shape of `x`, or without its last dimension, or with 1 for it.
///   - full: Whether the constant log(2π) / 2 is added.
///   - eps: What smaller variances count as; the gradient passes all the same.
///   - reduction: The mean, the sum, or the losses as they are.
/// - Errors: `.shape` for another shape of `variance`, `.argument` for a negative one.
public func gaussianNllLoss(
    _ x: Tensor, _ target: Tensor, variance: Tensor, full: Bool = false, eps: Double = 1e-6,
    reduction: Reduction = .mean
) -> Tensor {
    let (x, target) = (x.unhalved, target.unhalved)
    func refuse(_ kind: TensorError.Kind, _ message: String) -> Tensor {
        Failure.poison(TensorError(kind, message, operation: "gaussianNllLoss"), like: [], x.dtype)
    }
    if x.isPoisoned || target.isPoisoned || variance.isPoisoned {
        return Tensor.poisoned([], x.dtype)
    }
    var v = variance
    let lead = Array(x.shape.dropLast())
    if v.shape != x.shape {
        if x.ndim > 0, v.shape == lead {
            v = v.unsqueeze(-1)
        } else if x.ndim == 0 || v.shape != lead + [1] {
            return refuse(
                .shape,
                "variance of shape \(variance.shape) does not fit an input of shape \(x.shape)")
        }
    }
    let isNegative = variance.underlying.detach() .< 0
    if variance.device == .cpu, isNegative.any().item() as Bool {
        return refuse(.argument, "a variance is negative")
    }
    // The bound is written where no gradient sees it.
    v = v.clone()
    noGrad { _ = v.clamp_(min: eps) }
    let losses = (v.log() + (x - target).square() / v) * 0.5
    return reduction(full ? losses + 0.5 * Double.log(2 * Double.pi) : losses)
}

/// The same with one variance for all.
public func gaussianNllLoss(
    _ x: Tensor, _ target: Tensor, variance: Double, full: Bool = false, eps: Double = 1e-6,
    reduction: Reduction = .mean
) -> Tensor {
    gaussianNllLoss(
        x, target, variance: Tensor.full(x.shape, variance, dtype: x.dtype, device: x.device),
        full: full, eps: eps, reduction: reduction)
}

/// The negative log likelihood of counts `target` under Poisson distributions of rate exp(x), or
/// x: eˣ - t x, or x - t log(x + eps). Same as `torch.nn.functional.poisson_nll_loss`.
///
/// - Parameters:
///   - x: The logarithms of rates, or the rates.
///   - target: Counts, in the shape of `x`.
///   - logInput: Whether `x` is the logarithm of the rate.
///   - full: Whether Stirling's formula for log(t!) is added where t is above 1.
///   - eps: Keeps the logarithm of a rate from 0.
///   - reduction: The mean, the sum, or the losses as they are.
public func poissonNllLoss(
    _ x: Tensor, _ target: Tensor, logInput: Bool = true, full: Bool = false, eps: Double = 1e-8,
    reduction: Reduction = .mean
) -> Tensor {
    let (x, target) = (x.unhalved, target.unhalved)
    var losses = logInput ? x.exp() - target * x : x - target * (x + eps).log()
    if full {
        let stirling = target * target.log() - target + 0.5 * (2 * Double.pi * target).log()
        losses = losses + Tensor.where(target .<= 1, 0, stirling)
    }
    return reduction(losses)
}
