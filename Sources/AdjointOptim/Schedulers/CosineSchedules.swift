import CAdjoint

/// Down from the starting rates to `etaMin` along a half cosine of `tMax` steps, and up again
/// (Loshchilov and Hutter, 2017, without restarts).
public final class CosineAnnealingLR: LearningRateScheduler {
    /// The steps of the way down.
    public let tMax: Int
    /// The lowest rate.
    public let etaMin: Double

    /// - Errors: `.argument` for `tMax` below 1.
    public init(_ optimizer: any Optimizer, tMax: Int, etaMin: Double = 0) {
        Self.check(tMax > 0, "tMax must be at least 1, but is \(tMax)")
        self.tMax = max(tMax, 1)
        self.etaMin = etaMin
        super.init(optimizer)
    }

    // From the rate before, as PyTorch does it, so that other changes of the rate live on.
    override public func nextRates(_ rates: [Double]) -> [Double] {
        func cosine(_ step: Double) -> Double { adj_m_cos(.pi * step / Double(tMax)) }
        let wave = tMax > Int.max / 2 ? Int.max : 2 * tMax
        if stepCount > tMax, (stepCount - 1 - tMax) % wave == 0 {
            let rise = (1 - cosine(1)) / 2
            return zip(rates, baseRates).map { $0 + ($1 - etaMin) * rise }
        }
        let ratio = (1 + cosine(Double(stepCount))) / (1 + cosine(Double(stepCount) - 1))
        return rates.map { ratio * ($0 - etaMin) + etaMin }
    }
}

/// Down from the starting rates to `etaMin` along a half cosine, then up at once and down again,
/// in `tMult` times as many steps each time (Loshchilov and Hutter, 2017).
public final class CosineAnnealingWarmRestarts: LearningRateScheduler {
    /// Steps of the first way down.
    public let t0: Int
    /// How many times as long each way down is as the one before.
    public let tMult: Int
    /// The lowest rate.
    public let etaMin: Double
    /// What `step(epoch:)` left behind the point.
    private var fraction = 0.0

    /// - Errors: `.argument` for `t0` or `tMult` below 1.
    public init(_ optimizer: any Optimizer, t0: Int, tMult: Int = 1, etaMin: Double = 0) {
        Self.check(t0 > 0, "t0 must be at least 1, but is \(t0)")
        Self.check(tMult > 0, "tMult must be at least 1, but is \(tMult)")
        self.t0 = max(t0, 1)
        self.tMult = max(tMult, 1)
        self.etaMin = etaMin
        super.init(optimizer)
    }

    /// Goes to an epoch, which may be a fraction: `Double(epoch) + Double(batch) / batches`.
    ///
    /// - Errors: `.argument` for one that is negative or no number.
    public func step(epoch: Double) {
        guard epoch >= 0, let whole = Int(exactly: epoch.rounded(.down)) else {
            return Self.check(false, "epoch must not be negative, but is \(epoch)")
        }
        stepCount = whole
        fraction = epoch - Double(whole)
        update()
    }

    override public func startRates(_ rates: [Double]) -> [Double] { baseRates }

    override public func nextRates(_ rates: [Double]) -> [Double] {
        var (place, length) = (Double(stepCount) + fraction, Double(t0))
        if tMult == 1 {
            place = place.truncatingRemainder(dividingBy: length)
        } else {
            while place >= length {
                place -= length
                length *= Double(tMult)
            }
        }
        let share = (1 + adj_m_cos(.pi * place / length)) / 2
        return baseRates.map { etaMin + ($0 - etaMin) * share }
    }

    override public func visit(_ fields: inout OptionFields) {
        super.visit(&fields)
        fields("fraction", &fraction)
    }

    override func restart(isFirst: Bool) {
        fraction = 0
        super.restart(isFirst: isFirst)
    }
}
