import Foundation

/// What a model says about examples: a probability for every class.
public struct Predictions: Sendable, Equatable {
    /// How many classes there are.
    public let classCount: Int
    /// Natural logarithms of the probabilities, `classCount` an example.
    public let logProbabilities: [Double]

    /// The softmax of `logits`, `classCount` numbers an example; computed in float64.
    public init(logits: [Float], classCount: Int) {
        self.classCount = classCount
        var result: [Double] = []
        result.reserveCapacity(logits.count)
        for start in stride(from: 0, to: logits.count, by: classCount) {
            let row = logits[start..<(start + classCount)].map(Double.init)
            let top = row.max() ?? 0
            let logSum = log(row.reduce(0) { $0 + exp($1 - top) })
            for value in row { result.append(value - top - logSum) }
        }
        logProbabilities = result
    }

    /// How many examples there are.
    public var count: Int { logProbabilities.count / classCount }

    /// The probabilities that example `index` belongs to the classes.
    public func probabilities(_ index: Int) -> [Double] {
        logProbabilities[(index * classCount)..<((index + 1) * classCount)].map { exp($0) }
    }

    /// For each example the most probable class; the first of equals.
    public var classes: [Int] {
        (0..<count).map { index in
            let row = logProbabilities[(index * classCount)..<((index + 1) * classCount)]
            let best = row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) }
            return (best ?? row.startIndex) - row.startIndex
        }
    }

    /// For each example the probability of its most probable class.
    public var confidences: [Double] {
        classes.enumerated().map { exp(logProbabilities[$0 * classCount + $1]) }
    }

    /// The mean over the examples of minus the logarithm of the true class's probability.
    public func loss(_ labels: [Int]) -> Double {
        let sum = labels.enumerated().reduce(0.0) {
            $0 - logProbabilities[$1.offset * classCount + $1.element]
        }
        return sum / Double(labels.count)
    }

    /// The share of examples whose most probable class is the true one.
    public func accuracy(_ labels: [Int]) -> Double {
        let right = zip(classes, labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        return Double(right) / Double(labels.count)
    }
}
