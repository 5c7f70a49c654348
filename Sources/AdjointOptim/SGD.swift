public import AdjointCore
import CAdjoint

/// Stochastic gradient descent, with momentum and weight decay where asked.
///
///     g ← g + weightDecay p;  b ← momentum b + (1 - dampening) g;  p ← p - learningRate b
///
/// In the first step b is g; with `nesterov` the step goes along g + momentum b.
public final class SGD: Optimizer {
    public struct Options: OptimizerOptions {
        public var learningRate: Double
        public var momentum: Double
        public var dampening: Double
        public var weightDecay: Double
        public var nesterov: Bool
        /// Ascends in place of descending.
        public var maximize: Bool

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

        public var numbers: [(name: String, value: Double)] {
            [
                ("lr", learningRate), ("momentum", momentum), ("dampening", dampening),
                ("weight_decay", weightDecay), ("nesterov", nesterov ? 1 : 0),
                ("maximize", maximize ? 1 : 0),
            ]
        }

        public mutating func set(_ name: String, _ value: Double) {
            switch name {
            case "lr": learningRate = value
            case "momentum": momentum = value
            case "dampening": dampening = value
            case "weight_decay": weightDecay = value
            case "nesterov": nesterov = value != 0
            case "maximize": maximize = value != 0
            default: break
            }
        }
    }

    /// The parameters in groups; options may be changed between steps.
    public var groups: [ParameterGroup<Options>]
    private var memory: [ParameterState]

    /// - Errors: `.argument` for no parameters, for one that is not a leaf, for one that appears
    ///   twice, for negative rates, and for `nesterov` without momentum or with dampening.
    public init(groups: [ParameterGroup<Options>]) {
        self.groups = checked(groups, "SGD")
        memory = groups.flatMap(\.parameters).map { _ in ParameterState() }
        for options in groups.map(\.options) {
            checkRates(
                "SGD", ("learningRate", options.learningRate), ("momentum", options.momentum),
                ("weightDecay", options.weightDecay))
            if options.nesterov, options.momentum <= 0 || options.dampening != 0 {
                Failure.raise(
                    TensorError(
                        .argument, "Nesterov momentum requires a momentum and zero dampening",
                        operation: "SGD"))
            }
        }
    }

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

    public var learningRates: [Double] {
        get { groups.map(\.options.learningRate) }
        set {
            for (i, value) in zip(groups.indices, newValue) {
                groups[i].options.learningRate = value
            }
        }
    }

    public var momenta: [Double] {
        get { groups.map(\.options.momentum) }
        set {
            for (i, value) in zip(groups.indices, newValue) { groups[i].options.momentum = value }
        }
    }

    public func zeroGrad(setToNil: Bool) { groups.zeroGrad(setToNil: setToNil) }

    public func step() {
        if Failure.isActive { return }
        noGrad {
            var i = 0
            for group in groups {
                for parameter in group.parameters {
                    if let grad = parameter.grad {
                        step(parameter, grad, group.options, &memory[i])
                    }
                    i += 1
                }
            }
        }
    }

    private func step(
        _ parameter: Tensor, _ grad: Tensor, _ o: Options, _ state: inout ParameterState
    ) {
        let dtype = OptimizerStateDict.stateType(of: parameter)
        var first: Int32 = 0
        var memories: [Tensor] = []
        if o.momentum != 0 {
            if state.tensors["momentum_buffer"] == nil { first = 1 }
            memories = [state.tensor("momentum_buffer", of: parameter)]
        }
        state.steps += 1
        let (nesterov, maximize): (Int32, Int32) = (o.nesterov ? 1 : 0, o.maximize ? 1 : 0)
        if dtype == .float64 {
            FusedStep.run(parameter, grad, memories, as: Double.self) { p, g, m, n in
                adj_sgd_f64(
                    p, g, m.first, n, o.learningRate, o.momentum, o.dampening, o.weightDecay,
                    nesterov, first, maximize)
            }
        } else {
            FusedStep.run(parameter, grad, memories, as: Float.self) { p, g, m, n in
                adj_sgd_f32(
                    p, g, m.first, n, o.learningRate, o.momentum, o.dampening, o.weightDecay,
                    nesterov, first, maximize)
            }
        }
    }

    /// Options and memories by name, all that a resumed run needs to go on bit for bit. Memories
    /// share memory with the optimiser.
    public func stateDict() -> StateDict { OptimizerStateDict.make(groups, memory) }

    /// Takes over what `stateDict()` of an optimiser of the same parameters gave.
    ///
    /// - Throws: `OptimizerStateError` where it does not fit; nothing is changed then.
    public func loadStateDict(_ state: StateDict) throws {
        let (options, memory) = try OptimizerStateDict.read(
            state, groups, tensorNames: ["momentum_buffer"])
        for (i, value) in options.enumerated() { groups[i].options = value }
        self.memory = memory
    }
}

/// Refuses negative rates.
func checkRates(_ name: String, _ rates: (String, Double)...) {
    for (rate, value) in rates where !(value >= 0) {
        Failure.raise(
            TensorError(
                .argument, "\(rate) must not be negative, but is \(value)", operation: name))
    }
}
