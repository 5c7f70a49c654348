public import AdjointCore
import CAdjoint

/// Stochastic gradient descent, with momentum and weight decay where asked.
///
///     g ← g + weightDecay p;  b ← momentum b + (1 - dampening) g;  p ← p - learningRate b
///
/// In the first step b is g; with `nesterov` the step goes along g + momentum b.
public final class SGD: GroupedOptimizer {
    public struct Options: MomentumOptions, UpdateRule {
        public var learningRate: Double
        public var momentum: Double
        /// How much of the gradient the momentum leaves out, from the second step on.
        public var dampening: Double
        /// What of the parameters is added to the gradient: λ p.
        public var weightDecay: Double
        /// Whether the step goes along the gradient and the momentum, and not the momentum alone.
        public var nesterov: Bool
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 1e-3) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
            weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.momentum = momentum
            self.dampening = dampening
            self.weightDecay = weightDecay
            self.nesterov = nesterov
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates, and for `nesterov`
    ///   without momentum or with dampening.
    public init(groups: [ParameterGroup<Options>]) { core = OptimizerCore(groups, named: "SGD") }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor], learningRate: Double = 1e-3, momentum: Double = 0,
        dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate, momentum: momentum, dampening: dampening,
            weightDecay: weightDecay, nesterov: nesterov, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension SGD.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["momentum_buffer"], [])
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("momentum", &momentum)
        fields("dampening", &dampening)
        fields("weight_decay", &weightDecay)
        fields("nesterov", &nesterov)
        fields("maximize", &maximize)
    }

    public var problem: String? {
        if nesterov, momentum <= 0 || dampening != 0 {
            return "Nesterov momentum requires a momentum and zero dampening"
        }
        return Self.negative(
            ("learningRate", learningRate), ("momentum", momentum), ("weightDecay", weightDecay))
    }

    public func step(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        var isFirst: Int32 = 0
        var memories: [Tensor] = []
        if momentum != 0 {
            if state.tensors["momentum_buffer"] == nil { isFirst = 1 }
            memories = [state.tensor("momentum_buffer", of: parameter)]
        }
        state.steps += 1
        let (nesterov, maximize): (Int32, Int32) = (nesterov ? 1 : 0, maximize ? 1 : 0)
        if parameter.dtype == .float64 {
            FusedStep.run(parameter, gradient, memories, as: Double.self) { p, g, m, n in
                adj_sgd_f64(
                    p, g, m.first, n, learningRate, momentum, dampening, weightDecay, nesterov,
                    isFirst, maximize)
            }
        } else {
            FusedStep.run(parameter, gradient, memories, as: Float.self) { p, g, m, n in
                adj_sgd_f32(
                    p, g, m.first, n, learningRate, momentum, dampening, weightDecay, nesterov,
                    isFirst, maximize)
            }
        }
    }
}
