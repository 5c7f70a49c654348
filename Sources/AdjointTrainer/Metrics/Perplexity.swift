public import AdjointCore

/// How many equally likely words a language model hesitates between: e to the mean of the targets'
/// negative log-likelihoods.
///
/// Predictions are logits with the words in the last dimension, [..., words] for targets [...].
public struct Perplexity: Metric {
    /// Targets of this class are left out.
    public let ignoreIndex: Int
    private var sum = 0.0
    private var count = 0

    /// Leaves targets of class `ignoreIndex` out.
    public init(ignoreIndex: Int = -100) { self.ignoreIndex = ignoreIndex }

    /// - Errors: `.shape` where the shapes do not fit, `.dtype` for targets that are no integers,
    ///   `.index` for a target that is no word.
    public mutating func update(_ predictions: Tensor, _ targets: Tensor) {
        if Failure.isActive { return }
        if predictions.ndim != targets.ndim + 1
            || Array(predictions.shape.dropLast()) != targets.shape
        {
            return Failure.raise(
                TensorError(
                    .shape,
                    "expected logits [..., words] for targets [...], but got \(predictions.shape) "
                        + "for \(targets.shape)", operation: "Perplexity"))
        }
        let (loss, kept) = noGrad {
            let rows = predictions.detach().reshape([targets.numel, predictions.shape.last!])
            let flat = targets.reshape([targets.numel])
            let loss = crossEntropy(
                rows.to(rows.dtype == .float64 ? .float64 : .float32), flat,
                ignoreIndex: ignoreIndex, reduction: .sum)
            return (loss.item(as: Double.self), (flat .!= ignoreIndex).sum().item(as: Int.self))
        }
        if Failure.isActive { return }
        sum += loss
        count += kept
    }

    /// NaN before the first target.
    public var value: Double { count == 0 ? .nan : exponential(sum / Double(count)) }

    public mutating func reset() { (sum, count) = (0, 0) }

    private func exponential(_ x: Double) -> Double {
        Tensor(x, dtype: .float64).exp().item(as: Double.self)
    }
}
