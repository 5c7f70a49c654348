public import AdjointCore

/// How the measures of single classes become one number.
public enum MetricAverage: Sendable, Hashable, CaseIterable {
    /// Over all decisions, whatever their class.
    case micro
    /// The mean over classes, each as heavy as the others. A class that is neither among the
    /// targets nor predicted is left out.
    case macro
    /// The mean over classes, each as heavy as it is frequent among the targets.
    case weighted
    /// That of class 1 alone, of two.
    case binary
}

/// A measure of each class that follows from how often it was hit, wrongly predicted and missed.
///
/// Predictions are scores [n, classes, ...], classes of the targets' shape, or scores of class 1.
public protocol ClassMetric: Metric where Value == Double {
    /// What was taken in.
    var confusion: ConfusionMatrix { get set }
    /// How the measures of the classes become one number.
    var average: MetricAverage { get }
    /// What 0 / 0 gives.
    var zeroDivision: Double { get }
    /// The parts of the quotient that the measure is.
    static func quotient(
        truePositives: Int, falsePositives: Int, falseNegatives: Int
    ) -> (numerator: Int, denominator: Int)
}

extension ClassMetric {
    /// - Errors: as `ConfusionMatrix.update`.
    public mutating func update(_ predictions: Tensor, _ targets: Tensor) {
        confusion.update(predictions, targets)
    }

    public mutating func reset() { confusion.reset() }

    /// The measure of each class; `zeroDivision` where it is 0 / 0.
    public var perClass: [Double] { confusion.counts.map(score) }

    /// The average. NaN before the first target.
    public var value: Double {
        let counts = confusion.counts
        if confusion.total == 0 { return .nan }
        switch average {
        case .binary: return score(counts[1])
        case .micro:
            return score(
                counts.reduce((0, 0, 0)) { ($0.0 + $1.0, $0.1 + $1.1, $0.2 + $1.2) })
        case .macro:
            let present = counts.filter { $0.0 + $0.1 + $0.2 > 0 }
            return present.reduce(0) { $0 + score($1) } / Double(present.count)
        case .weighted:
            let sum = counts.reduce(0) { $0 + Double($1.0 + $1.2) * score($1) }
            return sum / Double(confusion.total)
        }
    }

    private func score(_ counts: (Int, Int, Int)) -> Double {
        let (numerator, denominator) = Self.quotient(
            truePositives: counts.0, falsePositives: counts.1, falseNegatives: counts.2)
        return denominator == 0 ? zeroDivision : Double(numerator) / Double(denominator)
    }

    /// The matrix of a new metric; the average of one class needs exactly two.
    static func matrix(
        _ classes: Int, _ average: MetricAverage, _ threshold: Double, _ ignoreIndex: Int?
    ) -> ConfusionMatrix {
        if average == .binary, classes != 2 {
            Failure.raise(
                TensorError(
                    .argument,
                    "the binary average is that of class 1 of two, but there are \(classes) "
                        + "classes; take .macro, .micro or .weighted", operation: "\(Self.self)"))
        }
        return ConfusionMatrix(classes: classes, threshold: threshold, ignoreIndex: ignoreIndex)
    }
}

/// Of the predictions of a class the share that is right: tp / (tp + fp).
public struct Precision: ClassMetric {
    public var confusion: ConfusionMatrix
    public let average: MetricAverage
    public let zeroDivision: Double

    /// - Errors: `.argument` for less than two classes, or not two with `.binary`.
    public init(
        classes: Int, average: MetricAverage = .macro, zeroDivision: Double = 0,
        threshold: Double = 0.5, ignoreIndex: Int? = nil
    ) {
        confusion = Self.matrix(classes, average, threshold, ignoreIndex)
        self.average = average
        self.zeroDivision = zeroDivision
    }

    public static func quotient(truePositives: Int, falsePositives: Int, falseNegatives: Int)
        -> (numerator: Int, denominator: Int)
    {
        (truePositives, truePositives &+ falsePositives)
    }
}

/// Of the targets of a class the share that was found: tp / (tp + fn).
public struct Recall: ClassMetric {
    public var confusion: ConfusionMatrix
    public let average: MetricAverage
    public let zeroDivision: Double

    /// - Errors: `.argument` for less than two classes, or not two with `.binary`.
    public init(
        classes: Int, average: MetricAverage = .macro, zeroDivision: Double = 0,
        threshold: Double = 0.5, ignoreIndex: Int? = nil
    ) {
        confusion = Self.matrix(classes, average, threshold, ignoreIndex)
        self.average = average
        self.zeroDivision = zeroDivision
    }

    public static func quotient(truePositives: Int, falsePositives: Int, falseNegatives: Int)
        -> (numerator: Int, denominator: Int)
    {
        (truePositives, truePositives &+ falseNegatives)
    }
}

/// The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn).
public struct F1Score: ClassMetric {
    public var confusion: ConfusionMatrix
    public let average: MetricAverage
    public let zeroDivision: Double

    /// - Errors: `.argument` for less than two classes, or not two with `.binary`.
    public init(
        classes: Int, average: MetricAverage = .macro, zeroDivision: Double = 0,
        threshold: Double = 0.5, ignoreIndex: Int? = nil
    ) {
        confusion = Self.matrix(classes, average, threshold, ignoreIndex)
        self.average = average
        self.zeroDivision = zeroDivision
    }

    public static func quotient(truePositives: Int, falsePositives: Int, falseNegatives: Int)
        -> (numerator: Int, denominator: Int)
    {
        (2 &* truePositives, 2 &* truePositives &+ falsePositives &+ falseNegatives)
    }
}
