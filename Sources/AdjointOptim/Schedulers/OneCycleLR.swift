import CAdjoint

/// Up from a small rate to the largest and down to a much smaller one, once, over `totalSteps`
/// batches (Smith and Topin, 2018). The momentum moves the other way.
public final class OneCycleLR: LearningRateScheduler {
    /// The way from one rate to another.
    public enum Anneal: Sendable {
        /// Along half a cosine.
        case cosine
        /// In even steps.
        case linear
    }

    /// The largest rate of each group.
    public let maxLearningRates: [Double]
    /// The batches of the whole run.
    public let totalSteps: Int
    /// The ends of the phases, and where rates and momenta are then: rates as shares of the way
    /// between the first rate (0) and the largest (1), or of that from the last (0) to another.
    private let phases: [Phase]
    private let anneal: Anneal
    private let cyclesMomentum: Bool
    private let first: [Double]
    private let last: [Double]

    private enum Level { case first, largest, last }
    private struct Phase {
        let end: Double
        let from: Level
        let to: Level
        let momentum: (Double, Double)
    }

    /// The largest rate of the first group.
    public var maxLearningRate: Double { maxLearningRates.first ?? 0 }

    /// Every group with one largest rate.
    public convenience init(
        _ optimizer: any Optimizer, maxLearningRate: Double, totalSteps: Int,
        pctStart: Double = 0.3, anneal: Anneal = .cosine, cycleMomentum: Bool = true,
        baseMomentum: Double = 0.85, maxMomentum: Double = 0.95, divFactor: Double = 25,
        finalDivFactor: Double = 1e4, threePhase: Bool = false
    ) {
        self.init(
            optimizer, maxLearningRates: optimizer.learningRates.map { _ in maxLearningRate },
            totalSteps: totalSteps, pctStart: pctStart, anneal: anneal,
            cycleMomentum: cycleMomentum, baseMomentum: baseMomentum, maxMomentum: maxMomentum,
            divFactor: divFactor, finalDivFactor: finalDivFactor, threePhase: threePhase)
    }

    /// - Parameters:
    ///   - optimizer: Whose rates are set.
    ///   - maxLearningRates: One for each group.
    ///   - totalSteps: The batches of the whole run.
    ///   - pctStart: The share of the steps that goes up.
    ///   - anneal: The way from one rate to another.
    ///   - cycleMomentum: Whether the momentum moves the other way.
    ///   - baseMomentum: The lowest momentum.
    ///   - maxMomentum: The highest momentum.
    ///   - divFactor: The first rate is the largest divided by it.
    ///   - finalDivFactor: The last rate is the first divided by it.
    ///   - threePhase: Whether the way down stops at the first rate before the last stretch.
    /// - Errors: `.argument` for no steps, for a share outside 0...1, for another number of rates
    ///   than groups, and for `cycleMomentum` of an optimiser without momentum.
    public init(
        _ optimizer: any Optimizer, maxLearningRates: [Double], totalSteps: Int,
        pctStart: Double = 0.3, anneal: Anneal = .cosine, cycleMomentum: Bool = true,
        baseMomentum: Double = 0.85, maxMomentum: Double = 0.95, divFactor: Double = 25,
        finalDivFactor: Double = 1e4, threePhase: Bool = false
    ) {
        Self.check(totalSteps > 0, "totalSteps must be at least 1, but is \(totalSteps)")
        Self.check(pctStart >= 0 && pctStart <= 1, "pctStart must be in 0...1, but is \(pctStart)")
        Self.checkCount(maxLearningRates.count, optimizer)
        if cycleMomentum { Self.checkMomentum(optimizer) }
        self.maxLearningRates = maxLearningRates
        self.totalSteps = max(totalSteps, 1)
        self.anneal = anneal
        cyclesMomentum = cycleMomentum
        first = maxLearningRates.map { $0 / divFactor }
        last = first.map { $0 / finalDivFactor }
        let steps = Double(self.totalSteps)
        let falling = (maxMomentum, baseMomentum)
        let rising = (baseMomentum, maxMomentum)
        let up = Phase(end: pctStart * steps - 1, from: .first, to: .largest, momentum: falling)
        phases =
            threePhase
            ? [
                up,
                Phase(
                    end: 2 * pctStart * steps - 2, from: .largest, to: .first, momentum: rising),
                Phase(
                    end: steps - 1, from: .first, to: .last, momentum: (maxMomentum, maxMomentum)),
            ] : [up, Phase(end: steps - 1, from: .largest, to: .last, momentum: rising)]
        optimizer.initialLearningRates = first
        super.init(optimizer)
    }

    override public func startRates(_ rates: [Double]) -> [Double] { nextRates(rates) }

    override public func nextRates(_ rates: [Double]) -> [Double] {
        let (phase, share) = now
        return rates.indices.map { between(rate(phase.from, $0), rate(phase.to, $0), share) }
    }

    override public func moveMomenta() {
        guard cyclesMomentum else { return }
        let (phase, share) = now
        let momentum = between(phase.momentum.0, phase.momentum.1, share)
        optimizer.momenta = optimizer.momenta.map { _ in momentum }
    }

    /// The phase of this step, and how much of it is over. After the last step the rates stay.
    private var now: (phase: Phase, share: Double) {
        let step = Double(min(stepCount, totalSteps - 1))
        var start = 0.0
        for phase in phases.dropLast() {
            if step <= phase.end { return (phase, share(step, start, phase.end)) }
            start = phase.end
        }
        let phase = phases[phases.count - 1]
        return (phase, share(step, start, phase.end))
    }

    private func share(_ step: Double, _ start: Double, _ end: Double) -> Double {
        end > start ? (step - start) / (end - start) : 1
    }

    private func rate(_ level: Level, _ group: Int) -> Double {
        let rates =
            switch level {
            case .first: first
            case .largest: maxLearningRates
            case .last: last
            }
        return rates.indices.contains(group) ? rates[group] : 0
    }

    private func between(_ from: Double, _ to: Double, _ share: Double) -> Double {
        switch anneal {
        case .cosine: to + (from - to) / 2 * (1 + adj_m_cos(.pi * share))
        case .linear: (to - from) * share + from
        }
    }
}
