public import AdjointCore

/// Divides the gradient by the root of the sum of all its squares (Duchi, Hazan and Singer, 2011), so
/// that elements that rarely move take large steps.
public final class Adagrad: GroupedOptimizer {
    public struct Options: ComposedRule {
        public var learningRate: Double
        /// The rate of step t is divided by 1 + (t - 1) learningRateDecay.
        public var learningRateDecay: Double
        public var weightDecay: Double
        /// Where the sums of squares start.
        public var initialAccumulatorValue: Double
        /// Added to the denominator, against division by zero.
        public var eps: Double
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 1e-2) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-2,
            learningRateDecay: Double = 0,
            weightDecay: Double = 0,
            initialAccumulatorValue: Double = 0,
            eps: Double = 1e-10,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.learningRateDecay = learningRateDecay
            self.weightDecay = weightDecay
            self.initialAccumulatorValue = initialAccumulatorValue
            self.eps = eps
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates.
    public init(groups: [ParameterGroup<Options>]) {
        core = OptimizerCore(groups, named: "Adagrad")
    }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 1e-2,
        learningRateDecay: Double = 0,
        weightDecay: Double = 0,
        initialAccumulatorValue: Double = 0,
        eps: Double = 1e-10,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            learningRateDecay: learningRateDecay,
            weightDecay: weightDecay,
            initialAccumulatorValue: initialAccumulatorValue,
            eps: eps,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension Adagrad.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["sum"], [])
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("lr_decay", &learningRateDecay)
        fields("weight_decay", &weightDecay)
        fields("initial_accumulator_value", &initialAccumulatorValue)
        fields("eps", &eps)
        fields("maximize", &maximize)
    }

    public var problem: String? {
        Self.negative(
            ("learningRate", learningRate), ("learningRateDecay", learningRateDecay),
            ("weightDecay", weightDecay), ("initialAccumulatorValue", initialAccumulatorValue),
            ("eps", eps))
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let sum = state.tensor("sum", of: parameter, startingAt: initialAccumulatorValue)
        sum.addcmul_(gradient, gradient)
        let step = learningRate / (1 + Double(state.steps - 1) * learningRateDecay)
        parameter.addcdiv_(gradient, sum.sqrt() + eps, value: -step)
    }
}
