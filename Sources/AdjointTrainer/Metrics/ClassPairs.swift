import AdjointCore

/// The classes that a model predicted, beside those that were right.
///
/// Predictions are one of:
/// - scores of each class along dimension 1, [n, classes, ...] for targets [n, ...]: the class with
///   the highest counts, the first of equal ones;
/// - integers or booleans of the targets' shape: the classes themselves;
/// - floats of the targets' shape: scores of class 1 against class 0, which counts above a threshold.
struct ClassPairs {
    let predicted: [Int]
    let actual: [Int]

    /// Nil after an error.
    ///
    /// - Errors: `.shape` where the shapes do not fit, `.dtype` for targets that are no integers.
    init?(
        _ predictions: Tensor, _ targets: Tensor, threshold: Double, ignoreIndex: Int?,
        _ operation: String
    ) {
        guard ClassPairs.fits(predictions, targets, operation) else { return nil }
        let chosen: Tensor = noGrad {
            if predictions.ndim == targets.ndim + 1 { return predictions.argmax(dim: 1) }
            return predictions.dtype.isFloatingPoint ? predictions .> threshold : predictions
        }
        var predicted = chosen.array(as: Int.self)
        var actual = targets.array(as: Int.self)
        if Failure.isActive { return nil }
        if let ignoreIndex, actual.contains(ignoreIndex) {
            let kept = actual.indices.filter { actual[$0] != ignoreIndex }
            predicted = kept.map { predicted[$0] }
            actual = kept.map { actual[$0] }
        }
        self.predicted = predicted
        self.actual = actual
    }

    /// True where predictions can be those of targets; else the error is raised.
    static func fits(_ predictions: Tensor, _ targets: Tensor, _ operation: String) -> Bool {
        if Failure.isActive { return false }
        if targets.dtype.isFloatingPoint {
            Failure.raise(
                TensorError(
                    .dtype,
                    "expected classes as integers or booleans for targets, but got "
                        + "\(targets.dtype); convert them with to(.int64)", operation: operation))
            return false
        }
        var (scores, shape) = (predictions.shape, targets.shape)
        if scores.count == shape.count + 1, scores.count > 1, scores[1] > 0 { scores.remove(at: 1) }
        if scores == shape { return true }
        shape.insert(-1, at: min(1, shape.count))
        let wanted = shape.map { $0 < 0 ? "classes" : "\($0)" }.joined(separator: ", ")
        Failure.raise(
            TensorError(
                .shape,
                "for targets of shape \(targets.shape) expected scores [\(wanted)], or classes of "
                    + "the targets' shape, but got predictions of shape \(predictions.shape)",
                operation: operation))
        return false
    }
}
