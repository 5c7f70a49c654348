import Foundation

/// Which examples each step learns from, how fast, and what its random numbers are drawn from.
/// All of it follows from the arguments, so that a run can be taken up at any step.
struct Schedule {
    /// The training examples and the steps of an epoch.
    let exampleCount: Int
    let batchSize: Int
    let epochs: Int
    let peak: Double
    let seed: Int

    /// A schedule for learning from `exampleCount` examples.
    init(_ configuration: RunConfiguration, exampleCount: Int) {
        self.exampleCount = exampleCount
        batchSize = configuration.batchSize
        epochs = configuration.epochs
        peak = configuration.learningRate
        seed = configuration.seed
    }

    /// Steps of an epoch. A single left-over example joins the batch before it, since statistics
    /// over a batch of one have no spread.
    var stepsPerEpoch: Int {
        let (whole, rest) = exampleCount.quotientAndRemainder(dividingBy: batchSize)
        return max(1, whole + (rest > 1 || (rest == 1 && batchSize == 1) ? 1 : 0))
    }

    /// The order of the examples in the epoch that follows `epoch` epochs.
    func order(epoch: Int) -> [Int] {
        var order = Array(0..<exampleCount)
        var generator = SplitMix64(seed: orderSeed(epoch: epoch))
        for last in stride(from: exampleCount - 1, to: 0, by: -1) {
            order.swapAt(last, Int(generator.next(below: UInt64(last + 1))))
        }
        return order
    }

    /// The positions in `order` that step `step` of an epoch learns from.
    func batch(_ step: Int) -> Range<Int> {
        let start = step * batchSize
        return start..<(step + 1 == stepsPerEpoch ? exampleCount : start + batchSize)
    }

    /// The learning rate of step `step` since the start of the run: up in a straight line over the
    /// first fifth, down along half a cosine to a hundredth of the peak (the one-cycle policy of
    /// L. N. Smith, 2018).
    func learningRate(step: Int) -> Double {
        let total = Double(stepsPerEpoch * epochs)
        let position = (Double(step) + 0.5) / total
        let warmUp = 0.2
        if position < warmUp { return peak * (0.1 + 0.9 * position / warmUp) }
        let way = (position - warmUp) / (1 - warmUp)
        return peak * (0.01 + 0.99 * (1 + cos(Double.pi * way)) / 2)
    }

    /// A seed for the order of the examples in the epoch that follows `epoch` epochs.
    func orderSeed(epoch: Int) -> Int { mixed(epoch, 0) }

    /// A seed for step `step` of the epoch that follows `epoch` epochs.
    func seed(epoch: Int, step: Int) -> Int { mixed(epoch, step + 1) }

    private func mixed(_ epoch: Int, _ step: Int) -> Int {
        var generator = SplitMix64(seed: seed)
        generator = SplitMix64(seed: Int(truncatingIfNeeded: generator.next()) &+ epoch)
        generator = SplitMix64(seed: Int(truncatingIfNeeded: generator.next()) &+ step)
        return Int(generator.next() >> 2)
    }
}
