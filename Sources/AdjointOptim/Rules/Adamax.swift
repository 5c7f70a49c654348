public import AdjointCore

/// Adam under the largest norm (Kingma and Ba, 2015, section 7.1): the running mean of the gradients
/// over the largest gradient so far, which fades by the second beta.
public final class Adamax: GroupedOptimizer {
    public struct Options: BetaOptions, ComposedRule {
        public var learningRate: Double
        public var betas: (Double, Double)
        /// Added to the denominator, against division by zero.
        public var eps: Double
        public var weightDecay: Double
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 2e-3) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 2e-3,
            betas: (Double, Double) = (0.9, 0.999),
            eps: Double = 1e-8,
            weightDecay: Double = 0,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.betas = betas
            self.eps = eps
            self.weightDecay = weightDecay
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates, and for betas outside
    ///   0..<1.
    public init(groups: [ParameterGroup<Options>]) { core = OptimizerCore(groups, named: "Adamax") }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 2e-3,
        betas: (Double, Double) = (0.9, 0.999),
        eps: Double = 1e-8,
        weightDecay: Double = 0,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            betas: betas,
            eps: eps,
            weightDecay: weightDecay,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension Adamax.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["exp_avg", "exp_inf"], [])
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("betas", &betas)
        fields("eps", &eps)
        fields("weight_decay", &weightDecay)
        fields("maximize", &maximize)
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let mean = state.tensor("exp_avg", of: parameter)
        let largest = state.tensor("exp_inf", of: parameter)
        mean.lerp_(gradient, 1 - betas.0)
        largest.copy_((largest * betas.1).maximum(gradient.abs() + eps))
        let step = learningRate / (1 - betas.0.raised(to: state.steps))
        parameter.addcdiv_(mean, largest, value: -step)
    }
}
