import CAdjoint

/// Sets the learning rates of an optimiser, step by step. Formulas are PyTorch's.
public protocol Scheduler: AnyObject {
    /// Goes on by one epoch, or by one batch where the schedule counts batches.
    func step()
    /// How many steps were taken.
    var stepCount: Int { get }
}

/// What the schedules have in common: the optimiser, its rates at the start, the count.
public class LearningRateScheduler: Scheduler {
    public final let optimizer: any Optimizer
    /// The learning rate of each group at the start.
    public final let baseRates: [Double]
    /// How many steps were taken. Setting it continues a schedule that was interrupted: the rates
    /// themselves come with the optimiser's state.
    public final var stepCount = 0

    fileprivate init(_ optimizer: any Optimizer) {
        self.optimizer = optimizer
        baseRates = optimizer.learningRates
    }

    public final func step() {
        stepCount += 1
        update()
    }

    /// Sets the rates for `stepCount`.
    fileprivate func update() {}
}

/// Multiplies the rates by `gamma` every `stepSize` steps.
public final class StepLR: LearningRateScheduler {
    public let stepSize: Int
    public let gamma: Double

    public init(_ optimizer: any Optimizer, stepSize: Int, gamma: Double = 0.1) {
        self.stepSize = max(stepSize, 1)
        self.gamma = gamma
        super.init(optimizer)
    }

    override fileprivate func update() {
        if stepCount % stepSize == 0 {
            optimizer.learningRates = optimizer.learningRates.map { $0 * gamma }
        }
    }
}

/// The starting rates times a function of the number of steps.
public final class LambdaLR: LearningRateScheduler {
    private let factor: @Sendable (Int) -> Double

    public init(_ optimizer: any Optimizer, _ factor: @escaping @Sendable (Int) -> Double) {
        self.factor = factor
        super.init(optimizer)
        update()
    }

    override fileprivate func update() {
        let now = factor(stepCount)
        optimizer.learningRates = baseRates.map { $0 * now }
    }
}

/// Down from the starting rates to `etaMin` along a half cosine of `tMax` steps, and up again
/// (Loshchilov and Hutter, 2017, without restarts).
public final class CosineAnnealingLR: LearningRateScheduler {
    public let tMax: Int
    public let etaMin: Double

    public init(_ optimizer: any Optimizer, tMax: Int, etaMin: Double = 0) {
        self.tMax = max(tMax, 1)
        self.etaMin = etaMin
        super.init(optimizer)
    }

    // From the rate before, as PyTorch does it, so that other changes of the rate live on.
    override fileprivate func update() {
        func cosine(_ step: Int) -> Double { adj_m_cos(.pi * Double(step) / Double(tMax)) }
        let rates = zip(optimizer.learningRates, baseRates)
        if (stepCount - 1 - tMax) % (2 * tMax) == 0 {
            let rise = (1 - adj_m_cos(.pi / Double(tMax))) / 2
            optimizer.learningRates = rates.map { $0 + ($1 - etaMin) * rise }
        } else {
            let ratio = (1 + cosine(stepCount)) / (1 + cosine(stepCount - 1))
            optimizer.learningRates = rates.map { rate, _ in ratio * (rate - etaMin) + etaMin }
        }
    }
}

/// Up from a small rate to `maxLearningRate` and down to a much smaller one, once, over
/// `totalSteps` batches (Smith and Topin, 2018). The momentum moves the other way.
public final class OneCycleLR: LearningRateScheduler {
    public enum Anneal: Sendable { case cosine, linear }

    public let maxLearningRate: Double
    public let totalSteps: Int
    private let phases: [(end: Double, from: Double, to: Double, momentum: (Double, Double))]
    private let anneal: Anneal
    private let cyclesMomentum: Bool

    /// - Parameters:
    ///   - pctStart: The share of the steps that goes up.
    ///   - divFactor: The first rate is the largest divided by it.
    ///   - finalDivFactor: The last rate is the first divided by it.
    ///   - threePhase: Whether the way down stops at the first rate before the last stretch.
    public init(
        _ optimizer: any Optimizer, maxLearningRate: Double, totalSteps: Int,
        pctStart: Double = 0.3, anneal: Anneal = .cosine, cycleMomentum: Bool = true,
        baseMomentum: Double = 0.85, maxMomentum: Double = 0.95, divFactor: Double = 25,
        finalDivFactor: Double = 1e4, threePhase: Bool = false
    ) {
        self.maxLearningRate = maxLearningRate
        self.totalSteps = max(totalSteps, 1)
        self.anneal = anneal
        cyclesMomentum = cycleMomentum
        let first = maxLearningRate / divFactor
        let last = first / finalDivFactor
        let up = (baseMomentum: baseMomentum, maxMomentum: maxMomentum)
        let steps = Double(self.totalSteps)
        if threePhase {
            phases = [
                (pctStart * steps - 1, first, maxLearningRate, (up.maxMomentum, up.baseMomentum)),
                (
                    2 * pctStart * steps - 2, maxLearningRate, first,
                    (up.baseMomentum, up.maxMomentum)
                ),
                (steps - 1, first, last, (up.maxMomentum, up.maxMomentum)),
            ]
        } else {
            phases = [
                (pctStart * steps - 1, first, maxLearningRate, (up.maxMomentum, up.baseMomentum)),
                (steps - 1, maxLearningRate, last, (up.baseMomentum, up.maxMomentum)),
            ]
        }
        super.init(optimizer)
        update()
    }

    // After the last step the rates stay.
    override fileprivate func update() {
        let step = Double(min(stepCount, totalSteps - 1))
        var start = 0.0
        for (i, phase) in phases.enumerated() {
            guard step <= phase.end || i == phases.count - 1 else {
                start = phase.end
                continue
            }
            let share = phase.end > start ? (step - start) / (phase.end - start) : 1
            let rate = between(phase.from, phase.to, share)
            optimizer.learningRates = optimizer.learningRates.map { _ in rate }
            if cyclesMomentum {
                let momentum = between(phase.momentum.0, phase.momentum.1, share)
                optimizer.momenta = optimizer.momenta.map { _ in momentum }
            }
            return
        }
    }

    private func between(_ from: Double, _ to: Double, _ share: Double) -> Double {
        switch anneal {
        case .cosine: to + (from - to) / 2 * (1 + adj_m_cos(.pi * share))
        case .linear: (to - from) * share + from
        }
    }
}
