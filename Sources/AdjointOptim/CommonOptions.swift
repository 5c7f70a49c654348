/// Options of an optimiser that keeps a momentum.
public protocol MomentumOptions: OptimizerOptions {
    /// What is kept of the last direction in each step.
    var momentum: Double { get set }
}

extension MomentumOptions {
    public var cycledMomentum: Double? {
        get { momentum }
        set { momentum = newValue ?? momentum }
    }
}

/// Options of an optimiser of Adam's family.
public protocol BetaOptions: OptimizerOptions {
    /// What the running means of gradients and squares keep in each step.
    var betas: (Double, Double) { get set }
    /// Added to the denominator, against division by zero.
    var eps: Double { get }
    /// What of the parameters is added to the gradient, or, where the decay is decoupled, taken
    /// from the parameters: λ p.
    var weightDecay: Double { get }
}

extension BetaOptions {
    public var cycledMomentum: Double? {
        get { betas.0 }
        set { betas.0 = newValue ?? betas.0 }
    }

    public var problem: String? { wrongRates }

    /// What is wrong with betas and rates.
    var wrongRates: String? {
        if ![betas.0, betas.1].allSatisfy({ $0 >= 0 && $0 < 1 }) {
            return "betas must be in 0..<1, but are \(betas)"
        }
        return Self.negative(
            ("learningRate", learningRate), ("eps", eps), ("weightDecay", weightDecay))
    }
}
