public import AdjointCore
import CAdjoint

/// Adam (Kingma and Ba, 2015): steps along the running mean of the gradients, divided by the root
/// of that of their squares, both corrected for their start at zero. Weight decay is added to the
/// gradient.
public class Adam: Optimizer {
    public struct Options: OptimizerOptions {
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

        public init(
            learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
            eps: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.betas = betas
            self.eps = eps
            self.weightDecay = weightDecay
            self.amsgrad = amsgrad
            self.maximize = maximize
        }

        public var numbers: [(name: String, value: Double)] {
            [
                ("lr", learningRate), ("beta1", betas.0), ("beta2", betas.1), ("eps", eps),
                ("weight_decay", weightDecay), ("amsgrad", amsgrad ? 1 : 0),
                ("maximize", maximize ? 1 : 0),
            ]
        }

        public mutating func set(_ name: String, _ value: Double) {
            switch name {
            case "lr": learningRate = value
            case "beta1": betas.0 = value
            case "beta2": betas.1 = value
            case "eps": eps = value
            case "weight_decay": weightDecay = value
            case "amsgrad": amsgrad = value != 0
            case "maximize": maximize = value != 0
            default: break
            }
        }
    }

    /// The parameters in groups; options may be changed between steps.
    public final var groups: [ParameterGroup<Options>]
    private final var memory: [ParameterState]
    /// True where weight decay shrinks the parameters themselves.
    private final let isDecoupled: Bool

    fileprivate init(_ groups: [ParameterGroup<Options>], decoupled: Bool, _ name: String) {
        self.groups = checked(groups, name)
        memory = groups.flatMap(\.parameters).map { _ in ParameterState() }
        isDecoupled = decoupled
        for options in groups.map(\.options) {
            checkRates(
                name, ("learningRate", options.learningRate), ("eps", options.eps),
                ("weightDecay", options.weightDecay), ("beta1", options.betas.0),
                ("beta2", options.betas.1))
            if options.betas.0 >= 1 || options.betas.1 >= 1 {
                Failure.raise(
                    TensorError(
                        .argument, "betas must be below 1, but are \(options.betas)",
                        operation: name))
            }
        }
    }

    /// - Errors: `.argument` for no parameters, for one that is not a leaf, for one that appears
    ///   twice, for negative rates, and for betas outside 0..<1.
    public convenience init(groups: [ParameterGroup<Options>]) {
        self.init(groups, decoupled: false, "Adam")
    }

    public convenience init(
        _ parameters: [Tensor], learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
        amsgrad: Bool = false, maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate, betas: betas, eps: eps, weightDecay: weightDecay,
            amsgrad: amsgrad, maximize: maximize)
        self.init([ParameterGroup(parameters, options)], decoupled: false, "Adam")
    }

    public final var learningRates: [Double] {
        get { groups.map(\.options.learningRate) }
        set {
            for (i, value) in zip(groups.indices, newValue) {
                groups[i].options.learningRate = value
            }
        }
    }

    public final var momenta: [Double] {
        get { groups.map(\.options.betas.0) }
        set {
            for (i, value) in zip(groups.indices, newValue) { groups[i].options.betas.0 = value }
        }
    }

    public final func zeroGrad(setToNil: Bool) { groups.zeroGrad(setToNil: setToNil) }

    public final func step() {
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
        let names = o.amsgrad ? Adam.memories : Array(Adam.memories.prefix(2))
        let memories = names.map { state.tensor($0, of: parameter) }
        state.steps += 1
        let correction = (
            1 - power(o.betas.0, state.steps), 1 - power(o.betas.1, state.steps)
        )
        let (decoupled, maximize): (Int32, Int32) = (isDecoupled ? 1 : 0, o.maximize ? 1 : 0)
        if dtype == .float64 {
            FusedStep.run(parameter, grad, memories, as: Double.self) { p, g, m, n in
                adj_adam_f64(
                    p, g, m[0], m[1], m.count > 2 ? m[2] : nil, n, o.learningRate, o.betas.0,
                    o.betas.1, o.eps, o.weightDecay, decoupled, correction.0, correction.1,
                    maximize)
            }
        } else {
            FusedStep.run(parameter, grad, memories, as: Float.self) { p, g, m, n in
                adj_adam_f32(
                    p, g, m[0], m[1], m.count > 2 ? m[2] : nil, n, o.learningRate, o.betas.0,
                    o.betas.1, o.eps, o.weightDecay, decoupled, correction.0, correction.1,
                    maximize)
            }
        }
    }

    private static let memories = ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]

    /// Options and memories by name, all that a resumed run needs to go on bit for bit. Memories
    /// share memory with the optimiser.
    public final func stateDict() -> StateDict { OptimizerStateDict.make(groups, memory) }

    /// Takes over what `stateDict()` of an optimiser of the same parameters gave.
    ///
    /// - Throws: `OptimizerStateError` where it does not fit; nothing is changed then.
    public final func loadStateDict(_ state: StateDict) throws {
        let (options, memory) = try OptimizerStateDict.read(
            state, groups, tensorNames: Adam.memories)
        for (i, value) in options.enumerated() { groups[i].options = value }
        self.memory = memory
    }
}

/// Adam whose weight decay shrinks the parameters themselves in each step (Loshchilov and Hutter,
/// 2019).
public final class AdamW: Adam {
    public convenience init(groups: [ParameterGroup<Options>]) {
        self.init(groups, decoupled: true, "AdamW")
    }

    public convenience init(
        _ parameters: [Tensor], learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 1e-2,
        amsgrad: Bool = false, maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate, betas: betas, eps: eps, weightDecay: weightDecay,
            amsgrad: amsgrad, maximize: maximize)
        self.init([ParameterGroup(parameters, options)], decoupled: true, "AdamW")
    }
}

/// base to the power of a whole number.
private func power(_ base: Double, _ exponent: Int) -> Double {
    adj_m_pow(base, Double(exponent))
}
