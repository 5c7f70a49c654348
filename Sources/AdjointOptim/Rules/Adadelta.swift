public import AdjointCore

/// Scales the gradient by the root of the mean square of past steps over that of past gradients
/// (Zeiler, 2012), so that steps have the units of the parameters.
public final class Adadelta: GroupedOptimizer {
    public struct Options: ComposedRule {
        public var learningRate: Double
        /// What the means keep in each step.
        public var rho: Double
        /// Added to both means, against division by zero.
        public var eps: Double
        public var weightDecay: Double
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 1) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1,
            rho: Double = 0.9,
            eps: Double = 1e-6,
            weightDecay: Double = 0,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.rho = rho
            self.eps = eps
            self.weightDecay = weightDecay
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates, and for rho outside
    ///   0...1.
    public init(groups: [ParameterGroup<Options>]) {
        core = OptimizerCore(groups, named: "Adadelta")
    }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 1,
        rho: Double = 0.9,
        eps: Double = 1e-6,
        weightDecay: Double = 0,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            rho: rho,
            eps: eps,
            weightDecay: weightDecay,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension Adadelta.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["square_avg", "acc_delta"], [])
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("rho", &rho)
        fields("eps", &eps)
        fields("weight_decay", &weightDecay)
        fields("maximize", &maximize)
    }

    public var problem: String? {
        if !(rho >= 0 && rho <= 1) { return "rho must be in 0...1, but is \(rho)" }
        return Self.negative(
            ("learningRate", learningRate), ("eps", eps), ("weightDecay", weightDecay))
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let square = state.tensor("square_avg", of: parameter)
        let moved = state.tensor("acc_delta", of: parameter)
        square.mul_(rho).addcmul_(gradient, gradient, value: 1 - rho)
        let delta = (moved + eps).sqrt() / (square + eps).sqrt() * gradient
        moved.mul_(rho).addcmul_(delta, delta, value: 1 - rho)
        parameter.sub_(delta, alpha: learningRate)
    }
}
