public import AdjointCore

/// Rectified Adam (Liu and others, 2020): while too few squares were seen to trust their mean, the
/// steps go along the mean of the gradients alone; afterwards they are scaled by what the variance of
/// the mean of squares is expected to be.
public final class RAdam: GroupedOptimizer {
    public struct Options: BetaOptions, ComposedRule {
        public var learningRate: Double
        public var betas: (Double, Double)
        /// Added to the denominator, against division by zero.
        public var eps: Double
        public var weightDecay: Double
        /// Whether the decay shrinks the parameters themselves; else it is added to the gradient.
        public var decoupledWeightDecay: Bool
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 1e-3) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-3,
            betas: (Double, Double) = (0.9, 0.999),
            eps: Double = 1e-8,
            weightDecay: Double = 0,
            decoupledWeightDecay: Bool = false,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.betas = betas
            self.eps = eps
            self.weightDecay = weightDecay
            self.decoupledWeightDecay = decoupledWeightDecay
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates, and for betas outside
    ///   0..<1.
    public init(groups: [ParameterGroup<Options>]) { core = OptimizerCore(groups, named: "RAdam") }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999),
        eps: Double = 1e-8,
        weightDecay: Double = 0,
        decoupledWeightDecay: Bool = false,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            betas: betas,
            eps: eps,
            weightDecay: weightDecay,
            decoupledWeightDecay: decoupledWeightDecay,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension RAdam.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["exp_avg", "exp_avg_sq"], [])
    }

    public var decayTarget: DecayTarget { decoupledWeightDecay ? .parameter : .gradient }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("betas", &betas)
        fields("eps", &eps)
        fields("weight_decay", &weightDecay)
        fields("decoupled_weight_decay", &decoupledWeightDecay)
        fields("maximize", &maximize)
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let (mean, square) = state.means(of: parameter, gradient, betas)
        let fading = betas.1.raised(to: state.steps)
        let step = learningRate / (1 - betas.0.raised(to: state.steps))
        // The lengths of a plain mean that would vary as much: in the limit, and now.
        let limit = 2 / (1 - betas.1) - 1
        let length = limit - 2 * Double(state.steps) * fading / (1 - fading)
        guard length > 5 else {
            parameter.sub_(mean, alpha: step)
            return
        }
        let rectification =
            ((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length))
            .squareRoot()
        parameter.addcdiv_(
            mean, square.sqrt() + eps, value: -step * rectification * (1 - fading).squareRoot())
    }
}
