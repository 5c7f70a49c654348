public import AdjointCore

/// The share of targets that the predictions meet. Same as torchmetrics' `Accuracy` with the micro
/// average.
///
/// Predictions are scores [n, classes, ...], classes of the targets' shape, or scores of class 1.
public struct Accuracy: Metric {
    /// Among how many of the highest scores the right class must be.
    public let topK: Int
    /// Above which a score of class 1 counts; 0 for logits.
    public let threshold: Double
    /// Targets of this class are left out.
    public let ignoreIndex: Int?
    /// How many targets were met.
    public private(set) var correct = 0
    /// How many targets there were.
    public private(set) var total = 0

    /// - Errors: `.argument` for a `topK` below 1.
    public init(topK: Int = 1, threshold: Double = 0.5, ignoreIndex: Int? = nil) {
        if topK < 1 {
            Failure.raise(
                TensorError(
                    .argument, "topK must be at least 1, but is \(topK)", operation: "Accuracy"))
        }
        self.topK = max(topK, 1)
        self.threshold = threshold
        self.ignoreIndex = ignoreIndex
    }

    /// - Errors: `.shape` where the shapes do not fit, `.dtype` for targets that are no classes,
    ///   `.argument` for a `topK` of predictions that are no scores of that many classes.
    public mutating func update(_ predictions: Tensor, _ targets: Tensor) {
        if topK == 1 {
            guard
                let pairs = ClassPairs(
                    predictions, targets, threshold: threshold, ignoreIndex: ignoreIndex,
                    "Accuracy")
            else { return }
            correct += zip(pairs.predicted, pairs.actual).count { $0 == $1 }
            total += pairs.actual.count
            return
        }
        guard ClassPairs.fits(predictions, targets, "Accuracy") else { return }
        guard predictions.ndim == targets.ndim + 1, predictions.shape[1] >= topK else {
            return Failure.raise(
                TensorError(
                    .argument,
                    "topK: \(topK) needs scores [n, classes, ...] of at least \(topK) classes, but "
                        + "got predictions of shape \(predictions.shape)", operation: "Accuracy"))
        }
        let (hits, kept) = noGrad {
            let best = predictions.topk(topK, dim: 1).indices
            let kept = targets .!= (ignoreIndex ?? Int.min)
            let hits = (best .== targets.unsqueeze(1)).any(dim: 1).logicalAnd(kept)
            return (hits.sum().item(as: Int.self), kept.sum().item(as: Int.self))
        }
        if Failure.isActive { return }
        correct += hits
        total += kept
    }

    /// NaN before the first target.
    public var value: Double { total == 0 ? .nan : Double(correct) / Double(total) }

    public mutating func reset() { (correct, total) = (0, 0) }
}
