import AdjointCore

/// The numbers of weights, each as likely as its weight says.
public struct WeightedRandomSampler: Sampler {
    /// How likely each number is, beside the others.
    public let weights: [Double]
    public let count: Int
    /// Whether a number may come more than once.
    public let replacement: Bool

    /// - Parameters:
    ///   - weights: One a number; they need not add up to 1.
    ///   - samples: How many numbers a pass has.
    ///   - replacement: Whether a number may come more than once.
    /// - Errors: `.argument` for weights that are negative, infinite or all 0, and, without
    ///   replacement, for more samples than there are weights above 0, and than memory holds.
    public init(_ weights: [Double], samples: Int, replacement: Bool = true) {
        func refusal() -> String? {
            if let bad = weights.first(where: { !($0 >= 0 && $0.isFinite) }) {
                return "weights must be finite and not negative, but one is \(bad)"
            }
            let positive = weights.count { $0 > 0 }
            if samples < 0 { return "samples must not be negative, but is \(samples)" }
            if !TensorMemory.hasRoom(for: samples, of: (Int, Double).self) {
                return "an order of \(samples) numbers cannot be made"
            }
            if samples > 0, positive == 0 { return "there is no weight above 0" }
            if !replacement, samples > positive {
                return "\(samples) samples cannot be drawn without replacement from \(positive) "
                    + "weights above 0"
            }
            return weights.reduce(0, +).isFinite ? nil : "the weights add up to infinity"
        }
        self.weights = weights
        self.replacement = replacement
        if let problem = refusal() {
            Failure.raise(TensorError(.argument, problem, operation: "WeightedRandomSampler"))
            count = 0
        } else {
            count = samples
        }
    }

    public func order() -> [Int] {
        if count == 0 { return [] }
        return replacement ? drawnWithReplacement() : drawnWithoutReplacement()
    }

    /// The first of the running sums that is above a uniform number of their whole.
    private func drawnWithReplacement() -> [Int] {
        var (sums, sum) = ([Double](), 0.0)
        for weight in weights {
            sum += weight
            sums.append(sum)
        }
        let last = weights.lastIndex { $0 > 0 } ?? 0
        return Tensor.rand(count, dtype: .float64).array(as: Double.self).map { uniform in
            let place = uniform * sum
            var (low, high) = (0, last)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > place { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    /// The largest of the keys log(u) / w (Efraimidis and Spirakis, 2006).
    private func drawnWithoutReplacement() -> [Int] {
        let uniform = Tensor.rand(weights.count, dtype: .float64)
        // 1 - u lies in (0, 1], where the logarithm is finite.
        let keys = (-uniform).log1p().array(as: Double.self)
        if keys.count != weights.count { return [] }
        let positive = weights.indices.filter { weights[$0] > 0 }
            .map { (index: $0, key: keys[$0] / weights[$0]) }
        let best = positive.sorted { ($1.key, $0.index) < ($0.key, $1.index) }
        return best.prefix(count).map(\.index)
    }
}
