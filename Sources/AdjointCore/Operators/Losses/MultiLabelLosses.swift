/// Σ over the other classes of max(0, margin - x[target] + x[class])ᵖ, divided by the number of
/// classes, for scores [batch, classes] or [classes] and class numbers [batch] or []. Same as
/// `torch.nn.functional.multi_margin_loss`.
///
/// - Parameters:
///   - x: Scores, [batch, classes] or [classes].
///   - target: Class numbers, [batch] or [].
///   - p: The power, 1 or 2.
///   - margin: By how much the target's score has to lead.
///   - weight: A factor for each class, that of the target counts.
///   - reduction: The mean, the sum, or the losses as they are.
/// - Errors: `.shape` where shapes do not fit, `.index` for a class that is not there,
///   `.argument` for another power, `.dtype` for class numbers that are no integers.
public func multiMarginLoss(
    _ x: Tensor, _ target: Tensor, p: Int = 1, margin: Double = 1, weight: Tensor? = nil,
    reduction: Reduction = .mean
) -> Tensor {
    let x = x.unhalved
    if x.isPoisoned || target.isPoisoned { return Tensor.poisoned([], x.dtype) }
    do throws(TensorError) {
        if p != 1 && p != 2 { throw TensorError(.argument, "the power is 1 or 2, not \(p)") }
        try checkScores(x)
        let rows = x.ndim == 2 ? x : x.reshape([1, x.numel])
        let (count, classes) = (rows.shape[0], rows.shape[1])
        let fits = x.ndim == 2 ? target.shape == [count] : target.numel == 1 && target.ndim < 2
        if !fits || classes == 0 {
            throw TensorError(
                .shape,
                "expected a class number for each row of scores, but got shapes \(x.shape) and "
                    + "\(target.shape)")
        }
        if let weight, weight.shape != [classes] {
            throw TensorError(
                .shape, "expected a weight for each of \(classes) classes, but got \(weight.shape)")
        }
        try checkClassNumbers(target, below: classes)
        let index = target.to(.int64).reshape([count, 1])
        let hinge = (margin - rows.gather(dim: 1, index: index) + rows).clamp(min: 0)
        let others = index .!= Tensor.arange(classes).to(x.device)
        var losses = Tensor.where(others, p == 2 ? hinge * hinge : hinge, 0)
        if let weight {
            losses = losses * weight.indexSelect(dim: 0, index: index.squeeze(1)).unsqueeze(1)
        }
        let sums = losses.sum(dim: 1) / Double(classes)
        return reduction(x.ndim == 2 ? sums : sums.squeeze(0))
    } catch {
        return refused(error, "multiMarginLoss", x)
    }
}

/// Σ over target classes j and other classes i of max(0, 1 - x[j] + x[i]), divided by the number
/// of classes. `target` has the shape of `x`, [batch, classes] or [classes]: a row lists the
/// numbers of its classes, up to the first -1. Same as
/// `torch.nn.functional.multilabel_margin_loss`.
///
/// - Errors: `.shape` where shapes do not fit, `.index` for a class that is not there, `.dtype` for
///   class numbers that are no integers.
public func multilabelMarginLoss(
    _ x: Tensor, _ target: Tensor, reduction: Reduction = .mean
) -> Tensor {
    let x = x.unhalved
    if x.isPoisoned || target.isPoisoned { return Tensor.poisoned([], x.dtype) }
    do throws(TensorError) {
        try checkScores(x)
        if target.shape != x.shape || x.numel == 0 && x.shape.last == 0 {
            throw TensorError(
                .shape,
                "expected a list of classes for each row of scores, in the same shape, but got "
                    + "\(x.shape) and \(target.shape)")
        }
        let classes = x.ndim == 0 ? 1 : x.shape[x.ndim - 1]
        try checkClassNumbers(target, below: classes, from: -1)
        let rows = x.ndim == 2 ? x : x.reshape([1, classes])
        let lists = target.to(.int64).reshape(rows.shape)
        // A list ends at its first -1.
        let counts = (lists .>= 0).to(.int64).cumprod(dim: 1)
        let index = Tensor.where(counts .== 1, lists, 0)
        let isTarget =
            Tensor.zeros(rows.shape, dtype: .int64, device: x.device)
            .scatterAdd(dim: 1, index: index, src: counts) .> 0
        let wanted = rows.gather(dim: 1, index: index)
        let hinge = (1 - wanted.unsqueeze(2) + rows.unsqueeze(1)).clamp(min: 0)
        let counted = (counts .== 1).unsqueeze(2).logicalAnd(isTarget.logicalNot().unsqueeze(1))
        let sums = Tensor.where(counted, hinge, 0).sum(dim: [1, 2]) / Double(classes)
        return reduction(x.ndim == 2 ? sums : sums.squeeze(0))
    } catch {
        return refused(error, "multilabelMarginLoss", x)
    }
}

/// The binary cross entropy of sigmoid(x) against each class, in the mean over the classes, which
/// are the last dimension. Same as `torch.nn.functional.multilabel_soft_margin_loss`.
///
/// - Parameters:
///   - x: Scores, [..., classes].
///   - target: 1 for a class that is there, 0 for one that is not.
///   - weight: A factor for each class, broadcast.
///   - reduction: The mean, the sum, or the losses as they are.
/// - Errors: `.shape` where `x` has no dimension, or shapes do not broadcast.
public func multilabelSoftMarginLoss(
    _ x: Tensor, _ target: Tensor, weight: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
    let x = x.unhalved
    if x.ndim == 0 {
        return refused(
            TensorError(.shape, "expected scores of shape [..., classes], but got []"),
            "multilabelSoftMarginLoss", x)
    }
    var losses = -(target * x.logSigmoid() + (1 - target) * (-x).logSigmoid())
    if let weight { losses = losses * weight }
    return reduction(losses.sum(dim: -1) / Double(x.shape[x.ndim - 1]))
}

private func checkScores(_ x: Tensor) throws(TensorError) {
    if x.dtype != .float32 && x.dtype != .float64 {
        throw TensorError(.dtype, "not implemented for \(x.dtype) tensors")
    }
    if x.ndim > 2 {
        throw TensorError(
            .shape, "expected scores of shape [batch, classes] or [classes], but got \(x.shape)")
    }
}

private func checkClassNumbers(
    _ target: Tensor, below classes: Int, from least: Int = 0
) throws(TensorError) {
    if !target.dtype.isInteger {
        throw TensorError(.dtype, "class numbers are integers, but these are \(target.dtype)")
    }
    if target.device != .cpu || target.numel == 0 { return }
    let numbers = target.underlying.detach()
    let outside = (numbers .< least).logicalOr(numbers .>= classes)
    if outside.any().item() as Bool {
        throw TensorError(
            .index, "a class number lies outside \(least)..<\(classes)")
    }
}

private func refused(_ error: TensorError, _ name: String, _ x: Tensor) -> Tensor {
    Failure.poison(
        TensorError(error.kind, error.message, operation: error.operation ?? name), like: [],
        x.dtype)
}
