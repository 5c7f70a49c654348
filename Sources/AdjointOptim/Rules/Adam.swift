public import AdjointCore
import CAdjoint

/// Adam (Kingma and Ba, 2015): steps along the running mean of the gradients, divided by the root
/// of that of their squares, both corrected for their start at zero.
public final class Adam: GroupedOptimizer {
    public struct Options: BetaOptions, UpdateRule {
        public var learningRate: Double
        /// What the running means of gradients and squares keep in each step.
        public var betas: (Double, Double)
        /// Added to the root, against division by zero.
        public var eps: Double
        public var weightDecay: Double
        /// Divides by the largest running mean of squares so far (Reddi, Kale and Kumar, 2018).
        public var amsgrad: Bool
        /// Ascends in place of descending.
        public var maximize: Bool
        /// Whether the decay shrinks the parameters themselves (Loshchilov and Hutter, 2019); else
        /// it is added to the gradient.
        public var decoupledWeightDecay: Bool

        public init() { self.init(learningRate: 1e-3) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
            eps: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false,
            maximize: Bool = false, decoupledWeightDecay: Bool = false
        ) {
            self.learningRate = learningRate
            self.betas = betas
            self.eps = eps
            self.weightDecay = weightDecay
            self.amsgrad = amsgrad
            self.maximize = maximize
            self.decoupledWeightDecay = decoupledWeightDecay
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates, and for betas outside
    ///   0..<1.
    public init(groups: [ParameterGroup<Options>]) { core = OptimizerCore(groups, named: "Adam") }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor], learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
        amsgrad: Bool = false, maximize: Bool = false, decoupledWeightDecay: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate, betas: betas, eps: eps, weightDecay: weightDecay,
            amsgrad: amsgrad, maximize: maximize, decoupledWeightDecay: decoupledWeightDecay)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

/// Adam whose weight decay shrinks the parameters themselves in each step (Loshchilov and Hutter,
/// 2019).
public final class AdamW: GroupedOptimizer {
    public typealias Options = Adam.Options

    public let core: OptimizerCore<Options>

    /// The decay of every group is decoupled. Options that are made without one have none.
    ///
    /// - Errors: as in `Adam.init`.
    public init(groups: [ParameterGroup<Options>]) {
        core = OptimizerCore(
            groups.map {
                var group = $0
                group.options.decoupledWeightDecay = true
                return group
            }, named: "AdamW")
    }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor], learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 1e-2,
        amsgrad: Bool = false, maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate, betas: betas, eps: eps, weightDecay: weightDecay,
            amsgrad: amsgrad, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension Adam.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["exp_avg", "exp_avg_sq", "max_exp_avg_sq"], [])
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("betas", &betas)
        fields("eps", &eps)
        fields("weight_decay", &weightDecay)
        fields("amsgrad", &amsgrad)
        fields("maximize", &maximize)
        fields("decoupled_weight_decay", &decoupledWeightDecay)
    }

    public func step(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        var memories = [
            state.tensor("exp_avg", of: parameter), state.tensor("exp_avg_sq", of: parameter),
        ]
        if amsgrad { memories.append(state.tensor("max_exp_avg_sq", of: parameter)) }
        state.steps += 1
        let correction = (1 - betas.0.raised(to: state.steps), 1 - betas.1.raised(to: state.steps))
        let decoupled: Int32 = decoupledWeightDecay ? 1 : 0
        let maximize: Int32 = maximize ? 1 : 0
        if parameter.dtype == .float64 {
            FusedStep.run(parameter, gradient, memories, as: Double.self) { p, g, m, n in
                adj_adam_f64(
                    p, g, m[0], m[1], m.count > 2 ? m[2] : nil, n, learningRate, betas.0, betas.1,
                    eps, weightDecay, decoupled, correction.0, correction.1, maximize)
            }
        } else {
            FusedStep.run(parameter, gradient, memories, as: Float.self) { p, g, m, n in
                adj_adam_f32(
                    p, g, m[0], m[1], m.count > 2 ? m[2] : nil, n, learningRate, betas.0, betas.1,
                    eps, weightDecay, decoupled, correction.0, correction.1, maximize)
            }
        }
    }
}
