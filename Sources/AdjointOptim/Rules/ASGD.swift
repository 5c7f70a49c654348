public import AdjointCore

/// Averaged stochastic gradient descent (Polyak and Juditsky, 1992): steps that grow shorter, beside
/// the mean of the parameters from step `t0` on, which the state holds as "ax".
public final class ASGD: GroupedOptimizer {
    public struct Options: ComposedRule {
        public var learningRate: Double
        /// How fast the parameters decay and the steps shorten.
        public var lambda: Double
        /// The power by which steps shorten.
        public var alpha: Double
        /// After how many steps the averaging starts.
        public var t0: Double
        public var weightDecay: Double
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 1e-2) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-2,
            lambda: Double = 1e-4,
            alpha: Double = 0.75,
            t0: Double = 1e6,
            weightDecay: Double = 0,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.lambda = lambda
            self.alpha = alpha
            self.t0 = t0
            self.weightDecay = weightDecay
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates.
    public init(groups: [ParameterGroup<Options>]) { core = OptimizerCore(groups, named: "ASGD") }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 1e-2,
        lambda: Double = 1e-4,
        alpha: Double = 0.75,
        t0: Double = 1e6,
        weightDecay: Double = 0,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            lambda: lambda,
            alpha: alpha,
            t0: t0,
            weightDecay: weightDecay,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension ASGD.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["ax"], ["eta", "mu"])
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("lambd", &lambda)
        fields("alpha", &alpha)
        fields("t0", &t0)
        fields("weight_decay", &weightDecay)
        fields("maximize", &maximize)
    }

    public var problem: String? {
        Self.negative(("learningRate", learningRate), ("weightDecay", weightDecay))
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let eta = state.numbers["eta"] ?? learningRate
        let weight = state.numbers["mu"] ?? 1
        parameter.mul_(1 - lambda * eta)
        parameter.sub_(gradient, alpha: eta)
        let mean = state.tensor("ax", of: parameter)
        if weight == 1 {
            mean.copy_(parameter)
        } else {
            mean.add_((parameter - mean) * weight)
        }
        let steps = Double(state.steps)
        state.numbers["eta"] =
            learningRate / (1 + lambda * learningRate * steps).raised(to: alpha)
        state.numbers["mu"] = 1 / Swift.max(1, steps - t0)
    }
}
