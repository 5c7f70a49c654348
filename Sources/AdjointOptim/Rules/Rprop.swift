public import AdjointCore

/// Resilient propagation (Riedmiller and Braun, 1993): the signs of the gradients alone count. An
/// element's step grows by the second of `etas` while its sign stays, and shrinks by the first where
/// it turned; a turn is not followed.
public final class Rprop: GroupedOptimizer {
    public struct Options: ComposedRule {
        /// The first step of every element.
        public var learningRate: Double
        /// What a step is multiplied by where the sign turned, and where it stayed.
        public var etas: (Double, Double)
        /// The smallest and the largest step.
        public var stepSizes: (Double, Double)
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 1e-2) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-2,
            etas: (Double, Double) = (0.5, 1.2),
            stepSizes: (Double, Double) = (1e-6, 50),
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.etas = etas
            self.stepSizes = stepSizes
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for a negative rate, and for etas that do
    ///   not shrink and grow.
    public init(groups: [ParameterGroup<Options>]) { core = OptimizerCore(groups, named: "Rprop") }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 1e-2,
        etas: (Double, Double) = (0.5, 1.2),
        stepSizes: (Double, Double) = (1e-6, 50),
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            etas: etas,
            stepSizes: stepSizes,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension Rprop.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["prev", "step_size"], [])
    }

    public var weightDecay: Double { 0 }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("etas", &etas)
        fields("step_sizes", &stepSizes)
        fields("maximize", &maximize)
    }

    public var problem: String? {
        guard etas.0 > 0, etas.0 < 1, etas.1 > 1 else {
            return "etas must be in 0..<1 and above 1, but are \(etas)"
        }
        return Self.negative(("learningRate", learningRate))
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let previous = state.tensor("prev", of: parameter)
        let size = state.tensor("step_size", of: parameter, startingAt: learningRate)
        let product = gradient * previous
        let one = Tensor(1.0, dtype: product.dtype)
        let growth = Tensor.where(product .> 0, one * etas.1, one)
        size.mul_(Tensor.where(product .< 0, one * etas.0, growth))
        size.clamp_(min: stepSizes.0, max: stepSizes.1)
        let followed = gradient.maskedFill(product .< 0, 0)
        parameter.addcmul_(followed.sign(), size, value: -1)
        previous.copy_(followed)
    }
}
