public import AdjointCore

/// How often each class was taken for which: rows are the classes that were right, columns those
/// that were predicted.
///
/// Predictions are scores [n, classes, ...], classes of the targets' shape, or scores of class 1.
public struct ConfusionMatrix: Metric, CustomStringConvertible {
    /// What `normalized(by:)` divides by.
    public enum Normalization: Sendable, CaseIterable {
        /// How often the class was right: rows add up to 1.
        case actual
        /// How often the class was predicted: columns add up to 1.
        case predicted
        /// All examples.
        case all
    }

    /// How many classes there are.
    public let classes: Int
    /// Above which a score of class 1 counts; 0 for logits.
    public let threshold: Double
    /// Targets of this class are left out.
    public let ignoreIndex: Int?
    /// `value[i][j]` targets of class i were predicted as class j.
    public private(set) var value: [[Int]]

    /// - Errors: `.argument` for less than two classes, and for more than memory holds counts for.
    public init(classes: Int, threshold: Double = 0.5, ignoreIndex: Int? = nil) {
        let (counts, overflow) = classes.multipliedReportingOverflow(by: classes)
        let fits = classes >= 2 && !overflow && TensorMemory.hasRoom(for: counts, of: Int.self)
        if !fits {
            Failure.raise(
                TensorError(
                    .argument,
                    "expected at least 2 classes, and no more than memory holds counts for, but got "
                        + "\(classes)", operation: "ConfusionMatrix"))
        }
        self.classes = fits ? classes : 2
        self.threshold = threshold
        self.ignoreIndex = ignoreIndex
        value = ConfusionMatrix.empty(self.classes)
    }

    private static func empty(_ classes: Int) -> [[Int]] {
        [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    }

    /// - Errors: `.shape` where the shapes do not fit, `.dtype` for targets that are no classes,
    ///   `.index` for a class that does not exist; nothing of the batch is counted then.
    public mutating func update(_ predictions: Tensor, _ targets: Tensor) {
        guard
            let pairs = ClassPairs(
                predictions, targets, threshold: threshold, ignoreIndex: ignoreIndex,
                "ConfusionMatrix")
        else { return }
        for (kind, found) in [("target", pairs.actual), ("prediction", pairs.predicted)] {
            if let wrong = found.first(where: { $0 < 0 || $0 >= classes }) {
                return Failure.raise(
                    TensorError(
                        .index,
                        "a \(kind) of class \(wrong) is out of range for \(classes) classes; "
                            + "expected 0 to \(classes - 1)", operation: "ConfusionMatrix"))
            }
        }
        for (predicted, actual) in zip(pairs.predicted, pairs.actual) {
            value[actual][predicted] += 1
        }
    }

    public mutating func reset() { value = ConfusionMatrix.empty(classes) }

    /// How many targets were taken in.
    public var total: Int { value.reduce(0) { $0 + $1.reduce(0, +) } }

    /// Of each class: how often it was predicted rightly, predicted wrongly, and missed.
    public var counts: [(truePositives: Int, falsePositives: Int, falseNegatives: Int)] {
        (0..<classes).map { i in
            let column = value.reduce(0) { $0 + $1[i] }
            let hits = value[i][i]
            return (hits, column - hits, value[i].reduce(0, +) - hits)
        }
    }

    /// Shares in the place of counts; 0 where there is nothing to divide by.
    public func normalized(by normalization: Normalization) -> [[Double]] {
        let columns = (0..<classes).map { j in value.reduce(0) { $0 + $1[j] } }
        let total = total
        return value.map { row in
            let sum = row.reduce(0, +)
            return row.enumerated().map { j, count in
                let whole =
                    switch normalization {
                    case .actual: sum
                    case .predicted: columns[j]
                    case .all: total
                    }
                return whole == 0 ? 0 : Double(count) / Double(whole)
            }
        }
    }

    /// A table: a row for each class that was right, a column for each that was predicted.
    public var description: String {
        let rows =
            [[""] + (0..<classes).map(String.init)]
            + value.enumerated().map { ["\($0)"] + $1.map(String.init) }
        let width = rows.joined().map(\.count).max() ?? 1
        return rows.map { row in
            row.map { String(repeating: " ", count: width - $0.count) + $0 }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
