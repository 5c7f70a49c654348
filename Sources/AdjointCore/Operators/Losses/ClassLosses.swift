/// How the losses of single elements become the result.
public enum Reduction: Sendable, Hashable {
    /// They stay as they are.
    case none
    /// Their mean; with weights of classes, the weighted mean.
    case mean
    /// Their sum.
    case sum

    func callAsFunction(_ losses: Tensor) -> Tensor {
        switch self {
        case .none: losses
        case .mean: losses.mean()
        case .sum: losses.sum()
        }
    }
}

/// The cross entropy of `logits`, [batch, classes, ...] or [classes], against classes.
///
/// - Parameters:
///   - logits: Scores, [batch, classes, ...] or [classes].
///   - classes: Class numbers (integers, without the dimension of the classes), or probabilities
///     (floating-point, of the shape of the logits).
///   - weight: A weight for each class; a mean of class numbers is divided by those of the targets.
///   - ignoreIndex: The class number of targets that do not count. Where no target counts, the mean
///     is NaN, and its gradient 0.
///   - reduction: The mean, the sum, or a loss for each target.
///   - labelSmoothing: The share of each target that is spread evenly over all classes.
/// - Errors: `.shape` where the shapes do not fit; `.index` for a class that is not there.
public func crossEntropy(
    _ logits: Tensor, _ classes: Tensor, weight: Tensor? = nil, ignoreIndex: Int = -100,
    reduction: Reduction = .mean, labelSmoothing: Double = 0
) -> Tensor {
    if logits.isPoisoned || classes.isPoisoned { return Tensor.poisoned([], logits.dtype) }
    do throws(TensorError) {
        if !(labelSmoothing >= 0 && labelSmoothing <= 1) {
            throw TensorError(
                .argument, "labelSmoothing must lie between 0 and 1, but is \(labelSmoothing)")
        }
        if classes.dtype.isFloatingPoint {
            return try soft(logits, classes, weight, reduction, labelSmoothing)
        }
        let (rows, targets) = try flattened(logits, classes, weight)
        if weight == nil, labelSmoothing == 0, reduction != .none {
            let op = CrossEntropy(isMean: reduction == .mean, ignoreIndex: ignoreIndex)
            let results = apply(op, Operands(rows, targets))
            return results.first ?? Tensor.poisoned([], logits.dtype)
        }
        let logs = rows.logSoftmax(dim: 1)
        let (hard, count) = try negativeLog(logs, targets, weight, ignoreIndex)
        var losses = hard
        if labelSmoothing > 0 {
            let spread = weight.map { logs * $0 } ?? logs
            let keep = targets .!= ignoreIndex
            let smooth = Tensor.where(keep, -spread.sum(dim: 1), 0)
            losses =
                hard * (1 - labelSmoothing) + smooth * (labelSmoothing / Double(rows.shape[1]))
        }
        switch reduction {
        case .none: return losses.reshape(classes.shape)
        case .sum: return losses.sum()
        case .mean: return losses.sum() / count
        }
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: error.operation ?? "crossEntropy"),
            like: [], logits.dtype)
    }
}

/// The negative log likelihood of class numbers under `logProbabilities`, [batch, classes, ...] or
/// [classes]. Parameters and errors as `crossEntropy`.
public func nllLoss(
    _ logProbabilities: Tensor, _ classes: Tensor, weight: Tensor? = nil, ignoreIndex: Int = -100,
    reduction: Reduction = .mean
) -> Tensor {
    let logProbabilities = logProbabilities.unhalved
    if logProbabilities.isPoisoned || classes.isPoisoned {
        return Tensor.poisoned([], logProbabilities.dtype)
    }
    do throws(TensorError) {
        let (rows, targets) = try flattened(logProbabilities, classes, weight)
        let (losses, count) = try negativeLog(rows, targets, weight, ignoreIndex)
        switch reduction {
        case .none: return losses.reshape(classes.shape)
        case .sum: return losses.sum()
        case .mean: return losses.sum() / count
        }
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: "nllLoss"), like: [],
            logProbabilities.dtype)
    }
}

/// [batch, classes, ...] as [n, classes], and the targets as [n].
private func flattened(_ x: Tensor, _ classes: Tensor, _ weight: Tensor?) throws(TensorError)
    -> (rows: Tensor, targets: Tensor)
{
    if !x.dtype.isFloatingPoint {
        throw TensorError(.dtype, "not implemented for \(x.dtype) inputs; convert with to(_:)")
    }
    let expected = x.ndim == 1 ? [] : [x.shape.first ?? 0] + x.shape.dropFirst(2)
    if x.ndim == 0 || classes.shape != expected || !classes.dtype.isInteger {
        throw TensorError(
            .shape,
            "expected inputs of shape [batch, classes, ...] and class numbers of shape [batch, "
                + "...], but got \(x.shape) and \(classes.dtype) \(classes.shape)")
    }
    let count = x.shape[x.ndim == 1 ? 0 : 1]
    if let weight, weight.shape != [count] {
        throw TensorError(
            .shape, "expected a weight for each of \(count) classes, but got \(weight.shape)")
    }
    if x.ndim == 1 { return (x.unsqueeze(0), classes.reshape([1])) }
    if x.ndim == 2 { return (x, classes) }
    let last = x.permute([0] + Array(2..<x.ndim) + [1])
    return (last.reshape([classes.numel, count]), classes.reshape([classes.numel]))
}

/// The weighted loss of each row, 0 where it is ignored, and the sum of the weights that count.
private func negativeLog(
    _ logs: Tensor, _ targets: Tensor, _ weight: Tensor?, _ ignoreIndex: Int
) throws(TensorError) -> (losses: Tensor, count: Tensor) {
    if logs.device == .cpu {
        try CPU.checkClasses(targets.underlying, logs.shape[1], ignore: ignoreIndex)
    }
    let keep = targets .!= ignoreIndex
    let safe = Tensor.where(keep, targets.to(.int64), 0)
    var losses = -logs.gather(dim: 1, index: safe.unsqueeze(1)).squeeze(1)
    var weights = Tensor.onesLike(losses).detach()
    if let weight {
        weights = weight.indexSelect(dim: 0, index: safe)
        losses = losses * weights
    }
    return (Tensor.where(keep, losses, 0), Tensor.where(keep, weights, 0).sum())
}

/// Probabilities in place of class numbers.
private func soft(
    _ logits: Tensor, _ probabilities: Tensor, _ weight: Tensor?, _ reduction: Reduction,
    _ smoothing: Double
) throws(TensorError) -> Tensor {
    if logits.ndim == 0 || logits.shape != probabilities.shape {
        throw TensorError(
            .shape,
            "expected probabilities of the shape of the logits, \(logits.shape), but got "
                + "\(probabilities.shape)")
    }
    let dim = logits.ndim == 1 ? 0 : 1
    let count = logits.shape[dim]
    if let weight, weight.shape != [count] {
        throw TensorError(
            .shape, "expected a weight for each of \(count) classes, but got \(weight.shape)")
    }
    let target =
        smoothing > 0
        ? probabilities * (1 - smoothing) + smoothing / Double(Swift.max(count, 1)) : probabilities
    var products = logits.logSoftmax(dim: dim) * target
    if let weight {
        products =
            products * weight.reshape([-1] + [Int](repeating: 1, count: logits.ndim - dim - 1))
    }
    switch reduction {
    case .none: return -products.sum(dim: dim)
    case .sum: return -products.sum()
    case .mean: return -products.sum() / (Double(logits.numel) / Double(Swift.max(count, 1)))
    }
}
