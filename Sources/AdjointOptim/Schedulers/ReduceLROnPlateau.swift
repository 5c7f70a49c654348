public import AdjointCore

/// Lowers the rates when a metric has not improved for a while.
public final class ReduceLROnPlateau {
    /// Which way is better.
    public enum Mode: String, Sendable, CaseIterable {
        /// Down: a loss.
        case min
        /// Up: an accuracy.
        case max
    }
    /// What `threshold` is a part of.
    public enum ThresholdMode: String, Sendable, CaseIterable {
        /// Of the best metric.
        case relative = "rel"
        /// Of nothing: it is a difference.
        case absolute = "abs"
    }

    /// Whose rates are lowered.
    public let optimizer: any Optimizer
    /// Which way is better.
    public let mode: Mode
    /// What rates are multiplied by.
    public let factor: Double
    /// How many metrics without improvement are let pass.
    public let patience: Int
    /// By how much a metric must be better than the best.
    public let threshold: Double
    /// What `threshold` is a part of.
    public let thresholdMode: ThresholdMode
    /// How many metrics after a reduction are not counted.
    public let cooldown: Int
    /// The lowest rate of each group.
    public let minLearningRates: [Double]
    /// Changes of a rate that are not larger are left out.
    public let eps: Double

    /// The best metric so far; infinite before the first.
    public private(set) var best: Double
    /// How many metrics there were.
    public private(set) var stepCount = 0
    private var badCount = 0
    private var cooldownLeft = 0

    /// Every group with one lowest rate.
    public convenience init(
        _ optimizer: any Optimizer, mode: Mode = .min, factor: Double = 0.1, patience: Int = 10,
        threshold: Double = 1e-4, thresholdMode: ThresholdMode = .relative, cooldown: Int = 0,
        minLearningRate: Double = 0, eps: Double = 1e-8
    ) {
        self.init(
            optimizer, minLearningRates: optimizer.learningRates.map { _ in minLearningRate },
            mode: mode, factor: factor, patience: patience, threshold: threshold,
            thresholdMode: thresholdMode, cooldown: cooldown, eps: eps)
    }

    /// - Errors: `.argument` for a factor that is not below 1, and for another number of lowest
    ///   rates than groups.
    public init(
        _ optimizer: any Optimizer, minLearningRates: [Double], mode: Mode = .min,
        factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
        thresholdMode: ThresholdMode = .relative, cooldown: Int = 0, eps: Double = 1e-8
    ) {
        if !(factor < 1) {
            Failure.raise(
                TensorError(
                    .argument, "factor should be below 1, but is \(factor)",
                    operation: "ReduceLROnPlateau"))
        }
        LearningRateScheduler.checkCount(minLearningRates.count, optimizer)
        self.optimizer = optimizer
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.thresholdMode = thresholdMode
        self.cooldown = cooldown
        self.minLearningRates = minLearningRates
        self.eps = eps
        best = mode == .min ? .infinity : -.infinity
    }

    /// Notes a metric, and lowers the rates where it is due.
    public func step(_ metric: Double) {
        if Failure.isActive { return }
        stepCount += 1
        if isBetter(metric) {
            best = metric
            badCount = 0
        } else {
            badCount += 1
        }
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            badCount = 0
        }
        guard badCount > patience else { return }
        optimizer.learningRates = zip(optimizer.learningRates, minLearningRates).map {
            let lower = Swift.max($0 * factor, $1)
            return $0 - lower > eps ? lower : $0
        }
        cooldownLeft = cooldown
        badCount = 0
    }

    /// Notes a metric of one element.
    public func step(_ metric: Tensor) { step(metric.detach().item(as: Double.self)) }

    private func isBetter(_ metric: Double) -> Bool {
        switch (mode, thresholdMode) {
        case (.min, .relative): metric < best * (1 - threshold)
        case (.min, .absolute): metric < best - threshold
        case (.max, .relative): metric > best * (1 + threshold)
        case (.max, .absolute): metric > best + threshold
        }
    }

    private func visit(_ fields: inout OptionFields) {
        fields("last_epoch", &stepCount)
        fields("best", &best)
        fields("num_bad_epochs", &badCount)
        fields("cooldown_counter", &cooldownLeft)
    }

    /// Where the schedule stands, by PyTorch's names.
    public func stateDict() -> StateDict {
        var fields = OptionFields()
        visit(&fields)
        return ScheduleState.make(fields)
    }

    /// Takes over what `stateDict()` gave.
    ///
    /// - Throws: `OptimizerStateError` where it does not fit; nothing is changed then.
    public func loadStateDict(_ state: StateDict) throws {
        let before = ScheduleState.given(stateDict())
        var fields = OptionFields(try ScheduleState.checked(state))
        visit(&fields)
        if let problem = ScheduleState.problem(fields) {
            var fields = OptionFields(before)
            visit(&fields)
            throw problem
        }
    }
}
