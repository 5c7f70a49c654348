public import AdjointCore

/// Divides the gradient by the root of the running mean of its squares (Tieleman and Hinton, 2012).
///
///     v ← alpha v + (1 - alpha) g²;  b ← momentum b + g / (√v + eps);  p ← p - learningRate b
///
/// `centered` subtracts the square of the mean of the gradients: v becomes their variance.
public final class RMSprop: GroupedOptimizer {
    public struct Options: MomentumOptions, ComposedRule {
        public var learningRate: Double
        /// What the mean of squares keeps in each step.
        public var alpha: Double
        /// Added to the denominator, against division by zero.
        public var eps: Double
        public var weightDecay: Double
        public var momentum: Double
        /// Whether the mean of squares is taken around the mean of the gradients, as a variance.
        public var centered: Bool
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 1e-2) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-2,
            alpha: Double = 0.99,
            eps: Double = 1e-8,
            weightDecay: Double = 0,
            momentum: Double = 0,
            centered: Bool = false,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.alpha = alpha
            self.eps = eps
            self.weightDecay = weightDecay
            self.momentum = momentum
            self.centered = centered
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates.
    public init(groups: [ParameterGroup<Options>]) {
        core = OptimizerCore(groups, named: "RMSprop")
    }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 1e-2,
        alpha: Double = 0.99,
        eps: Double = 1e-8,
        weightDecay: Double = 0,
        momentum: Double = 0,
        centered: Bool = false,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            alpha: alpha,
            eps: eps,
            weightDecay: weightDecay,
            momentum: momentum,
            centered: centered,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension RMSprop.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["square_avg", "momentum_buffer", "grad_avg"], [])
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("alpha", &alpha)
        fields("eps", &eps)
        fields("weight_decay", &weightDecay)
        fields("momentum", &momentum)
        fields("centered", &centered)
        fields("maximize", &maximize)
    }

    public var problem: String? {
        Self.negative(
            ("learningRate", learningRate), ("alpha", alpha), ("eps", eps),
            ("weightDecay", weightDecay), ("momentum", momentum))
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let square = state.tensor("square_avg", of: parameter)
        square.mul_(alpha).addcmul_(gradient, gradient, value: 1 - alpha)
        var root = square
        if centered {
            let mean = state.tensor("grad_avg", of: parameter)
            mean.lerp_(gradient, 1 - alpha)
            root = square.addcmul(mean, mean, value: -1)
        }
        root = root.sqrt() + eps
        guard momentum > 0 else {
            parameter.addcdiv_(gradient, root, value: -learningRate)
            return
        }
        let buffer = state.tensor("momentum_buffer", of: parameter)
        buffer.mul_(momentum).addcdiv_(gradient, root)
        parameter.sub_(buffer, alpha: learningRate)
    }
}
