/// A schedule by a function of the number of steps, for all groups or one for each.
public class FunctionLR: LearningRateScheduler {
    fileprivate let factors: [@Sendable (Int) -> Double]

    /// With one function for all groups, of the number of steps.
    public convenience init(
        _ optimizer: any Optimizer, _ factor: @escaping @Sendable (Int) -> Double
    ) {
        self.init(optimizer, optimizer.learningRates.map { _ in factor })
    }

    /// With a function for each group.
    ///
    /// - Errors: `.argument` where there are not as many functions as groups.
    public init(_ optimizer: any Optimizer, _ factors: [@Sendable (Int) -> Double]) {
        Self.checkCount(factors.count, optimizer)
        self.factors = factors
        super.init(optimizer)
    }
}

/// The starting rates times a function of the number of steps.
public final class LambdaLR: FunctionLR {
    override public func startRates(_ rates: [Double]) -> [Double] { scaled(0) }
    override public func nextRates(_ rates: [Double]) -> [Double] { scaled(stepCount) }

    private func scaled(_ step: Int) -> [Double] { zip(baseRates, factors).map { $0 * $1(step) } }
}

/// Multiplies the rates in each step by a function of the number of steps.
public final class MultiplicativeLR: FunctionLR {
    override public func nextRates(_ rates: [Double]) -> [Double] {
        zip(rates, factors).map { $0 * $1(stepCount) }
    }

    // It knows no rate of its own to go back to.
    override func restart(isFirst: Bool) {
        stepCount = 0
        if !isFirst { update() }
    }
}

extension LearningRateScheduler {
    /// One value for each group.
    static func checkCount(_ count: Int, _ optimizer: any Optimizer) {
        let groups = optimizer.learningRates.count
        check(count == groups, "there are \(count) values for \(groups) groups; give one for each")
    }

    /// Refuses to move the momenta of an optimiser that has none.
    static func checkMomentum(_ optimizer: any Optimizer) {
        check(
            !optimizer.momenta.isEmpty,
            "optimizer must support momentum or beta1 with cycleMomentum on; pass false for it")
    }
}
