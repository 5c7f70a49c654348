public import AdjointCore

/// The cross entropy of classes, or of distributions, given scores, see `crossEntropy`.
public final class CrossEntropyLoss: LossLayer {
    /// A weight for each class; nil counts all alike.
    public let weight: Buffer?
    /// The class of targets that do not count.
    public let ignoreIndex: Int
    /// How the losses of single elements become the result.
    public let reduction: Reduction
    /// The share of a target that goes to all classes alike.
    public let labelSmoothing: Double

    /// For scores [batch, classes, ...] and targets [batch, ...] of class numbers, or of the
    /// scores' shape.
    ///
    /// - Parameters:
    ///   - weight: A weight for each class, [classes].
    ///   - ignoreIndex: The class of targets that do not count.
    ///   - reduction: The mean, the sum, or the losses as they are.
    ///   - labelSmoothing: The share of a target that goes to all classes alike.
    public init(
        weight: Tensor? = nil, ignoreIndex: Int = -100, reduction: Reduction = .mean,
        labelSmoothing: Double = 0
    ) {
        self.weight = weight.map { Buffer($0) }
        self.ignoreIndex = ignoreIndex
        self.reduction = reduction
        self.labelSmoothing = labelSmoothing
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        crossEntropy(
            x, target, weight: weight, ignoreIndex: ignoreIndex, reduction: reduction,
            labelSmoothing: labelSmoothing)
    }
}

/// The negative log likelihood of classes, given log probabilities, see `nllLoss`.
public final class NLLLoss: LossLayer {
    /// A weight for each class; nil counts all alike.
    public let weight: Buffer?
    /// The class of targets that do not count.
    public let ignoreIndex: Int
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For log probabilities [batch, classes, ...] and class numbers [batch, ...].
    ///
    /// - Parameters:
    ///   - weight: A weight for each class, [classes].
    ///   - ignoreIndex: The class of targets that do not count.
    ///   - reduction: The mean, the sum, or the losses as they are.
    public init(weight: Tensor? = nil, ignoreIndex: Int = -100, reduction: Reduction = .mean) {
        self.weight = weight.map { Buffer($0) }
        self.ignoreIndex = ignoreIndex
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        nllLoss(x, target, weight: weight, ignoreIndex: ignoreIndex, reduction: reduction)
    }
}

/// The cross entropy of truth values, given probabilities, see `binaryCrossEntropy`.
public final class BCELoss: LossLayer {
    /// A weight for each element; nil counts all alike.
    public let weight: Buffer?
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For probabilities and targets of 0...1, of one shape.
    public init(weight: Tensor? = nil, reduction: Reduction = .mean) {
        self.weight = weight.map { Buffer($0) }
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        binaryCrossEntropy(x, target, weight: weight, reduction: reduction)
    }
}

/// The cross entropy of truth values, given scores, see `binaryCrossEntropyWithLogits`.
public final class BCEWithLogitsLoss: LossLayer {
    /// A weight for each element; nil counts all alike.
    public let weight: Buffer?
    /// A weight of positive targets; nil for 1.
    public let posWeight: Buffer?
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For scores of any size and targets of 0...1, of one shape.
    public init(weight: Tensor? = nil, posWeight: Tensor? = nil, reduction: Reduction = .mean) {
        self.weight = weight.map { Buffer($0) }
        self.posWeight = posWeight.map { Buffer($0) }
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        binaryCrossEntropyWithLogits(
            x, target, weight: weight, posWeight: posWeight, reduction: reduction)
    }
}

/// By how much the right class fails to lead all others, see `multiMarginLoss`.
public final class MultiMarginLoss: LossLayer {
    /// A weight for each class; nil counts all alike.
    public let weight: Buffer?
    /// The power of each failure, 1 or 2.
    public let p: Int
    /// By how much the right class has to lead.
    public let margin: Double
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For scores [batch, classes] and class numbers [batch].
    public init(weight: Tensor? = nil, p: Int = 1, margin: Double = 1, reduction: Reduction = .mean)
    {
        self.weight = weight.map { Buffer($0) }
        self.p = p
        self.margin = margin
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        multiMarginLoss(
            x, target, p: p, margin: margin, weight: weight, reduction: reduction)
    }
}

/// By how much the right classes fail to lead the others, see `multilabelMarginLoss`.
public final class MultiLabelMarginLoss: LossLayer {
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For scores [batch, classes], and class numbers of that shape which end at the first -1.
    public init(reduction: Reduction = .mean) {
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        multilabelMarginLoss(x, target, reduction: reduction)
    }
}

/// The cross entropy of each of several labels, see `multilabelSoftMarginLoss`.
public final class MultiLabelSoftMarginLoss: LossLayer {
    /// A weight for each class; nil counts all alike.
    public let weight: Buffer?
    /// How the losses of single elements become the result.
    public let reduction: Reduction

    /// For scores and targets of 0 and 1, [batch, classes].
    public init(weight: Tensor? = nil, reduction: Reduction = .mean) {
        self.weight = weight.map { Buffer($0) }
        self.reduction = reduction
    }

    public func forward(_ x: Tensor, _ target: Tensor) -> Tensor {
        multilabelSoftMarginLoss(x, target, weight: weight, reduction: reduction)
    }
}
