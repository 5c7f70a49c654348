public import AdjointCore

/// Adam with Nesterov's momentum (Dozat, 2016): the step looks ahead along the mean that the next
/// step will have. The momentum rises from half of the first beta to the whole of it, at the pace of
/// `momentumDecay`.
public final class NAdam: GroupedOptimizer {
    public struct Options: BetaOptions, ComposedRule {
        public var learningRate: Double
        public var betas: (Double, Double)
        /// Added to the denominator, against division by zero.
        public var eps: Double
        public var weightDecay: Double
        /// How fast the momentum rises: in step t it is β₁ (1 - ½ · 0.96 to the power of t times
        /// this).
        public var momentumDecay: Double
        /// Whether the decay shrinks the parameters themselves; else it is added to the gradient.
        public var decoupledWeightDecay: Bool
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 2e-3) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 2e-3,
            betas: (Double, Double) = (0.9, 0.999),
            eps: Double = 1e-8,
            weightDecay: Double = 0,
            momentumDecay: Double = 4e-3,
            decoupledWeightDecay: Bool = false,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.betas = betas
            self.eps = eps
            self.weightDecay = weightDecay
            self.momentumDecay = momentumDecay
            self.decoupledWeightDecay = decoupledWeightDecay
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates, and for betas outside
    ///   0..<1.
    public init(groups: [ParameterGroup<Options>]) { core = OptimizerCore(groups, named: "NAdam") }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 2e-3,
        betas: (Double, Double) = (0.9, 0.999),
        eps: Double = 1e-8,
        weightDecay: Double = 0,
        momentumDecay: Double = 4e-3,
        decoupledWeightDecay: Bool = false,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            betas: betas,
            eps: eps,
            weightDecay: weightDecay,
            momentumDecay: momentumDecay,
            decoupledWeightDecay: decoupledWeightDecay,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension NAdam.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["exp_avg", "exp_avg_sq"], ["mu_product"])
    }

    public var decayTarget: DecayTarget { decoupledWeightDecay ? .parameter : .gradient }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("betas", &betas)
        fields("eps", &eps)
        fields("weight_decay", &weightDecay)
        fields("momentum_decay", &momentumDecay)
        fields("decoupled_weight_decay", &decoupledWeightDecay)
        fields("maximize", &maximize)
    }

    public var problem: String? {
        wrongRates ?? Self.negative(("momentumDecay", momentumDecay))
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let (mean, square) = state.means(of: parameter, gradient, betas)
        func momentum(_ step: Int) -> Double {
            betas.0 * (1 - 0.5 * 0.96.raised(to: Double(step) * momentumDecay))
        }
        let (now, next) = (momentum(state.steps), momentum(state.steps + 1))
        let product = (state.numbers["mu_product"] ?? 1) * now
        state.numbers["mu_product"] = product
        let denominator = (square / (1 - betas.1.raised(to: state.steps))).sqrt() + eps
        parameter.addcdiv_(
            gradient, denominator, value: -learningRate * (1 - now) / (1 - product))
        parameter.addcdiv_(
            mean, denominator, value: -learningRate * next / (1 - product * next))
    }
}
