public import AdjointCore

/// The mean of |prediction - target| over all elements.
public struct MeanAbsoluteError: Metric {
    private var sum = 0.0
    private var count = 0

    /// Nothing taken in yet.
    public init() {}

    /// - Errors: `.shape` unless both have one shape.
    public mutating func update(_ predictions: Tensor, _ targets: Tensor) {
        guard let difference = Differences.of(predictions, targets, "MeanAbsoluteError") else {
            return
        }
        let found = noGrad { difference.abs().sum().item(as: Double.self) }
        if Failure.isActive { return }
        sum += found
        count += difference.numel
    }

    /// NaN before the first element.
    public var value: Double { count == 0 ? .nan : sum / Double(count) }

    public mutating func reset() { (sum, count) = (0, 0) }
}

/// The mean of (prediction - target)² over all elements, or its root.
public struct MeanSquaredError: Metric {
    /// False for the root of the mean.
    public let squared: Bool
    private var sum = 0.0
    private var count = 0

    /// The mean squared error; with `squared` false its root, in the targets' units.
    public init(squared: Bool = true) { self.squared = squared }

    /// - Errors: `.shape` unless both have one shape.
    public mutating func update(_ predictions: Tensor, _ targets: Tensor) {
        guard let difference = Differences.of(predictions, targets, "MeanSquaredError") else {
            return
        }
        let found = noGrad { difference.square().sum().item(as: Double.self) }
        if Failure.isActive { return }
        sum += found
        count += difference.numel
    }

    /// NaN before the first element.
    public var value: Double {
        if count == 0 { return .nan }
        let mean = sum / Double(count)
        return squared ? mean : mean.squareRoot()
    }

    public mutating func reset() { (sum, count) = (0, 0) }
}

/// The share of the targets' variance that the predictions explain: 1 - Σ(y - ŷ)² / Σ(y - ȳ)²; of
/// several outputs, [n, outputs], the mean of their shares.
///
/// Where all targets of an output are equal it is 1 if the predictions meet them, else 0.
public struct R2Score: Metric {
    private struct Output {
        /// The mean of the targets, and the sum of their squared distances from it.
        var mean = 0.0
        var spread = 0.0
        /// The sum of the squared errors.
        var errors = 0.0
    }

    private var outputs: [Output] = []
    private var count = 0

    /// Nothing taken in yet.
    public init() {}

    /// - Errors: `.shape` unless both have one shape [n] or [n, outputs], with as many outputs as
    ///   before.
    public mutating func update(_ predictions: Tensor, _ targets: Tensor) {
        guard let difference = Differences.of(predictions, targets, "R2Score") else { return }
        let width = targets.ndim == 2 ? targets.shape[1] : 1
        if targets.ndim < 1 || targets.ndim > 2 || (count > 0 && width != outputs.count) {
            return Failure.raise(
                TensorError(
                    .shape,
                    "expected targets [n] or [n, outputs]"
                        + (count > 0 ? " of \(outputs.count) outputs as before" : "")
                        + ", but got shape \(targets.shape)", operation: "R2Score"))
        }
        let rows = targets.shape[0]
        if rows == 0 { return }
        let (means, spreads, errors) = noGrad {
            let y = targets.detach().to(.float64).reshape([rows, width])
            let mean = y.mean(dim: 0)
            return (
                mean.array(as: Double.self),
                (y - mean).square().sum(dim: 0).array(as: Double.self),
                difference.reshape([rows, width]).square().sum(dim: 0).array(as: Double.self)
            )
        }
        if Failure.isActive { return }
        if count == 0 { outputs = [Output](repeating: Output(), count: width) }
        // Two samples joined (Chan, Golub and LeVeque, 1983): no large squares are subtracted.
        let (old, new) = (Double(count), Double(rows))
        for i in 0..<width {
            let gap = means[i] - outputs[i].mean
            outputs[i].mean += gap * new / (old + new)
            outputs[i].spread += spreads[i] + gap * gap * old * new / (old + new)
            outputs[i].errors += errors[i]
        }
        count += rows
    }

    /// That of each output.
    public var perOutput: [Double] {
        outputs.map { output in
            if output.spread == 0 { return output.errors == 0 ? 1 : 0 }
            return 1 - output.errors / output.spread
        }
    }

    /// NaN before the second example.
    public var value: Double {
        count < 2 ? .nan : perOutput.reduce(0, +) / Double(outputs.count)
    }

    public mutating func reset() { (outputs, count) = ([], 0) }
}

enum Differences {
    /// predictions - targets in float64; nil after an error.
    static func of(_ predictions: Tensor, _ targets: Tensor, _ operation: String) -> Tensor? {
        if Failure.isActive { return nil }
        if predictions.shape != targets.shape {
            Failure.raise(
                TensorError(
                    .shape,
                    "predictions of shape \(predictions.shape) and targets of shape "
                        + "\(targets.shape) must have one shape", operation: operation))
            return nil
        }
        return noGrad { predictions.detach().to(.float64) - targets.detach().to(.float64) }
    }
}
