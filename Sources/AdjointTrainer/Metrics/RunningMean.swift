public import AdjointCore

/// The mean of numbers as they come, of all of them or of the latest: losses, times, norms.
public struct RunningMean: Sendable {
    /// How many of the latest numbers count; nil for all.
    public let window: Int?
    private var entries: [(value: Double, weight: Double)] = []
    private var sum = 0.0
    private var weight = 0.0

    /// - Errors: `.argument` for a window below 1.
    public init(window: Int? = nil) {
        if let window, window < 1 {
            Failure.raise(
                TensorError(
                    .argument, "window must be at least 1, but is \(window)",
                    operation: "RunningMean"))
        }
        self.window = window.map { max($0, 1) }
    }

    /// Takes in a number, such as the mean loss of a batch with the number of its examples.
    public mutating func update(_ value: Double, weight: Double = 1) {
        if Failure.isActive { return }
        if let window {
            entries.append((value, weight))
            if entries.count > window { entries.removeFirst() }
        } else {
            sum += value * weight
            self.weight += weight
        }
    }

    /// Takes in a tensor of one element.
    ///
    /// - Errors: `.shape` for several elements.
    public mutating func update(_ value: Tensor, weight: Double = 1) {
        update(value.detach().item(as: Double.self), weight: weight)
    }

    /// NaN before the first number, and where all weights are 0.
    public var value: Double {
        // Sums of a window are not kept: what NaN or infinity has entered cannot be taken out.
        let (sum, weight) = entries.reduce((sum, weight)) {
            ($0.0 + $1.value * $1.weight, $0.1 + $1.weight)
        }
        return weight == 0 ? .nan : sum / weight
    }

    /// Forgets all numbers.
    public mutating func reset() { (entries, sum, weight) = ([], 0, 0) }
}

extension RunningMean {
    /// A mean that goes on where another one stood: the sum of what it took in, and its weight.
    init(sum: Double, weight: Double) {
        self.init()
        (self.sum, self.weight) = (sum, weight)
    }

    /// All that is kept where there is no window.
    var total: (sum: Double, weight: Double) { (sum, weight) }
}
