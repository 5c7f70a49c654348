/// Up and down between two rates, again and again, in even steps (Smith, 2017). The momentum moves
/// the other way.
public final class CyclicLR: LearningRateScheduler {
    /// What becomes of the height from cycle to cycle.
    public enum Mode: String, Sendable, CaseIterable {
        /// It stays.
        case triangular
        /// It is halved after each cycle.
        case triangular2
        /// It is multiplied by `gamma` in each step.
        case expRange = "exp_range"
    }

    /// What a scaling function is given.
    public enum ScaleMode: String, Sendable, CaseIterable {
        /// The number of the cycle, from 1.
        case cycle
        /// The number of steps.
        case iterations
    }

    /// The highest rate of each group.
    public let maxLearningRates: [Double]
    /// The steps of the way up.
    public let stepSizeUp: Int
    /// The steps of the way down.
    public let stepSizeDown: Int
    private let low: [Double]
    private let scale: @Sendable (Double) -> Double
    private let scaleMode: ScaleMode
    private let momentum: (base: Double, max: Double)?

    /// Every group between the same two rates.
    public convenience init(
        _ optimizer: any Optimizer, baseLearningRate: Double, maxLearningRate: Double,
        stepSizeUp: Int = 2000, stepSizeDown: Int? = nil, mode: Mode = .triangular,
        gamma: Double = 1, scale: (@Sendable (Double) -> Double)? = nil,
        scaleMode: ScaleMode = .cycle, cycleMomentum: Bool = true, baseMomentum: Double = 0.8,
        maxMomentum: Double = 0.9
    ) {
        let groups = optimizer.learningRates
        self.init(
            optimizer, baseLearningRates: groups.map { _ in baseLearningRate },
            maxLearningRates: groups.map { _ in maxLearningRate }, stepSizeUp: stepSizeUp,
            stepSizeDown: stepSizeDown, mode: mode, gamma: gamma, scale: scale,
            scaleMode: scaleMode, cycleMomentum: cycleMomentum, baseMomentum: baseMomentum,
            maxMomentum: maxMomentum)
    }

    /// - Parameters:
    ///   - optimizer: Whose rates are set.
    ///   - baseLearningRates: The lowest rate of each group.
    ///   - maxLearningRates: The highest rate of each group.
    ///   - stepSizeUp: Steps of the way up.
    ///   - stepSizeDown: Steps of the way down; nil for as many as up.
    ///   - mode: What becomes of the height from cycle to cycle.
    ///   - gamma: What mode `expRange` multiplies the height by in each step.
    ///   - scale: Scales the height in place of `mode`.
    ///   - scaleMode: What `scale` is given.
    ///   - cycleMomentum: Whether the momentum moves the other way.
    ///   - baseMomentum: The lowest momentum.
    ///   - maxMomentum: The highest momentum.
    /// - Errors: `.argument` for ways without steps, for another number of rates than groups, and
    ///   for `cycleMomentum` of an optimiser without momentum.
    public init(
        _ optimizer: any Optimizer, baseLearningRates: [Double], maxLearningRates: [Double],
        stepSizeUp: Int = 2000, stepSizeDown: Int? = nil, mode: Mode = .triangular,
        gamma: Double = 1, scale: (@Sendable (Double) -> Double)? = nil,
        scaleMode: ScaleMode = .cycle, cycleMomentum: Bool = true, baseMomentum: Double = 0.8,
        maxMomentum: Double = 0.9
    ) {
        let down = stepSizeDown ?? stepSizeUp
        Self.check(
            stepSizeUp > 0 && down > 0,
            "stepSizeUp and stepSizeDown must be at least 1, but are \(stepSizeUp) and \(down)")
        Self.checkCount(baseLearningRates.count, optimizer)
        Self.checkCount(maxLearningRates.count, optimizer)
        if cycleMomentum { Self.checkMomentum(optimizer) }
        self.maxLearningRates = maxLearningRates
        self.stepSizeUp = max(stepSizeUp, 1)
        self.stepSizeDown = max(down, 1)
        low = baseLearningRates
        momentum = cycleMomentum ? (baseMomentum, maxMomentum) : nil
        if let scale {
            (self.scale, self.scaleMode) = (scale, scaleMode)
        } else {
            self.scaleMode = mode == .expRange ? .iterations : .cycle
            switch mode {
            case .triangular: self.scale = { _ in 1 }
            case .triangular2: self.scale = { 1 / 2.0.raised(to: $0 - 1) }
            case .expRange: self.scale = { gamma.raised(to: $0) }
            }
        }
        optimizer.learningRates = low
        super.init(optimizer)
    }

    override public func startRates(_ rates: [Double]) -> [Double] { nextRates(rates) }

    override public func nextRates(_ rates: [Double]) -> [Double] {
        let height = self.height
        return zip(low, maxLearningRates).map { $0 + ($1 - $0) * height }
    }

    override public func moveMomenta() {
        guard let momentum else { return }
        let now = momentum.max - (momentum.max - momentum.base) * height
        optimizer.momenta = optimizer.momenta.map { _ in now }
    }

    /// How much of the way between the rates this step is up.
    private var height: Double {
        let total = Double(stepSizeUp) + Double(stepSizeDown)
        let rising = Double(stepSizeUp) / total
        let cycles = Double(stepCount) / total
        let cycle = (1 + cycles).rounded(.down)
        let place = 1 + cycles - cycle
        let share = place <= rising ? place / rising : (place - 1) / (rising - 1)
        return share * scale(scaleMode == .cycle ? cycle : Double(stepCount))
    }
}
