import CAdjoint

/// Multiplies the rates by `gamma` every `stepSize` steps.
public final class StepLR: LearningRateScheduler {
    /// How many steps lie between two changes.
    public let stepSize: Int
    /// What the rates are multiplied by.
    public let gamma: Double

    /// - Errors: `.argument` for a step size below 1.
    public init(_ optimizer: any Optimizer, stepSize: Int, gamma: Double = 0.1) {
        Self.check(stepSize > 0, "stepSize must be at least 1, but is \(stepSize)")
        self.stepSize = max(stepSize, 1)
        self.gamma = gamma
        super.init(optimizer)
    }

    override public func nextRates(_ rates: [Double]) -> [Double] {
        stepCount % stepSize == 0 ? rates.map { $0 * gamma } : rates
    }
}

/// Multiplies the rates by `gamma` at each of `milestones`; twice where one appears twice.
public final class MultiStepLR: LearningRateScheduler {
    /// The steps at which the rates change.
    public let milestones: [Int]
    /// What the rates are multiplied by.
    public let gamma: Double

    /// Changes the rates at `milestones`, in any order.
    public init(_ optimizer: any Optimizer, milestones: [Int], gamma: Double = 0.1) {
        self.milestones = milestones
        self.gamma = gamma
        super.init(optimizer)
    }

    override public func startRates(_ rates: [Double]) -> [Double] { passed(0, rates) }
    override public func nextRates(_ rates: [Double]) -> [Double] { passed(stepCount, rates) }

    private func passed(_ step: Int, _ rates: [Double]) -> [Double] {
        let count = milestones.count { $0 == step }
        return rates.map { $0 * gamma.raised(to: count) }
    }
}

/// Multiplies the rates by `gamma` in each step.
public final class ExponentialLR: LearningRateScheduler {
    /// What the rates are multiplied by in each step.
    public let gamma: Double

    /// Multiplies by `gamma` in each step.
    public init(_ optimizer: any Optimizer, gamma: Double) {
        self.gamma = gamma
        super.init(optimizer)
    }

    override public func nextRates(_ rates: [Double]) -> [Double] { rates.map { $0 * gamma } }
}

/// The rates times `factor` for the first `totalIters` steps.
public final class ConstantLR: LearningRateScheduler {
    /// What the rates are multiplied by at first.
    public let factor: Double
    /// For how many steps.
    public let totalIters: Int

    /// - Errors: `.argument` for a factor outside 0...1.
    public init(_ optimizer: any Optimizer, factor: Double = 1.0 / 3, totalIters: Int = 5) {
        Self.check(factor >= 0 && factor <= 1, "factor must be in 0...1, but is \(factor)")
        self.factor = factor
        self.totalIters = totalIters
        super.init(optimizer)
    }

    override public func startRates(_ rates: [Double]) -> [Double] { rates.map { $0 * factor } }

    override public func nextRates(_ rates: [Double]) -> [Double] {
        if stepCount != totalIters { return rates }
        // What was multiplied by 0 is lost, and starts where it began.
        return factor == 0 ? baseRates : rates.map { $0 * (1 / factor) }
    }
}

/// The rates times a factor that moves evenly from `startFactor` to `endFactor` in `totalIters`
/// steps, and stays.
public final class LinearLR: LearningRateScheduler {
    /// The factor of the first step.
    public let startFactor: Double
    /// The factor from step `totalIters` on.
    public let endFactor: Double
    /// The steps of the way from one to the other.
    public let totalIters: Int

    /// - Errors: `.argument` for a first factor outside 0<...1, or a last one outside 0...1.
    public init(
        _ optimizer: any Optimizer, startFactor: Double = 1.0 / 3, endFactor: Double = 1,
        totalIters: Int = 5
    ) {
        Self.check(
            startFactor > 0 && startFactor <= 1,
            "startFactor must be above 0 and at most 1, but is \(startFactor)")
        Self.check(
            endFactor >= 0 && endFactor <= 1, "endFactor must be in 0...1, but is \(endFactor)")
        self.startFactor = startFactor
        self.endFactor = endFactor
        self.totalIters = totalIters
        super.init(optimizer)
    }

    override public func startRates(_ rates: [Double]) -> [Double] {
        rates.map { $0 * startFactor }
    }

    override public func nextRates(_ rates: [Double]) -> [Double] {
        if stepCount > totalIters { return rates }
        let rise = endFactor - startFactor
        let before = Double(totalIters) * startFactor + (Double(stepCount) - 1) * rise
        return rates.map { $0 * (1 + rise / before) }
    }
}

/// Down to 0 in `totalIters` steps, along (1 - step / totalIters) to `power`.
public final class PolynomialLR: LearningRateScheduler {
    /// The steps down to 0.
    public let totalIters: Int
    /// The power of what is left of the way; 1 for a straight line.
    public let power: Double

    /// Down to 0 in `totalIters` steps.
    public init(_ optimizer: any Optimizer, totalIters: Int = 5, power: Double = 1) {
        self.totalIters = totalIters
        self.power = power
        super.init(optimizer)
    }

    override public func nextRates(_ rates: [Double]) -> [Double] {
        if stepCount > totalIters { return rates }
        func left(_ step: Double) -> Double { 1 - step / Double(totalIters) }
        let step = Double(stepCount)
        return rates.map { $0 * (left(step) / left(step - 1)).raised(to: power) }
    }
}
