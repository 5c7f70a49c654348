public import AdjointCore

/// The options of an optimiser.
public protocol OptimizerOptions: Sendable {
    /// PyTorch's defaults.
    init()
    /// How far a step goes.
    var learningRate: Double { get set }
    /// What is kept of the last direction, for schedules that move it; nil where there is none.
    var cycledMomentum: Double? { get set }
    /// Shows each option to `fields` under PyTorch's name.
    mutating func visit(_ fields: inout OptionFields)
    /// What is wrong with the options; nil where they can be used.
    var problem: String? { get }
    /// What is wrong with a parameter; nil where it can be optimised.
    static func problem(with parameter: Tensor) -> String?
    /// PyTorch's names of the tensors that are remembered of a parameter, and of the numbers.
    static var memories: (tensors: [String], numbers: [String]) { get }
    /// The shape of a remembered tensor; nil where any is right.
    static func shape(of memory: String, for parameter: [Int]) -> [Int]?
}

extension OptimizerOptions {
    public var cycledMomentum: Double? {
        get { nil }
        set {}
    }

    public static func problem(with parameter: Tensor) -> String? { nil }

    public static func shape(of memory: String, for parameter: [Int]) -> [Int]? { parameter }

    /// Each option by PyTorch's name. A truth value is 0 or 1.
    public var numbers: [(name: String, value: Double)] {
        var (copy, fields) = (self, OptionFields())
        copy.visit(&fields)
        return fields.values
    }

    /// Takes over options by PyTorch's names.
    ///
    /// - Returns: The names that it does not have, or whose values do not fit.
    public mutating func take(_ given: [String: OptionFields.Value]) -> [String] {
        var fields = OptionFields(given)
        visit(&fields)
        return fields.refused
    }

    /// The first of the rates that is negative or no number, as a sentence.
    static func negative(_ rates: (String, Double)...) -> String? {
        rates.first { !($0.1 >= 0) }.map { "\($0.0) must not be negative, but is \($0.1)" }
    }
}

/// Options of an optimiser that moves each parameter by itself. What a new optimiser is:
/// its options, and this step. Groups, closures, states and errors come with `OptimizerCore`.
public protocol UpdateRule: OptimizerOptions {
    /// Moves `parameter` along `gradient`, inside `noGrad`.
    func step(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState)
}

/// A rule that is written in tensor operations. Sign, weight decay and half-width parameters are
/// taken care of before `update`.
public protocol ComposedRule: UpdateRule {
    /// Ascends in place of descending.
    var maximize: Bool { get }
    /// What of the parameters is added to the gradient, or, where the decay is decoupled, taken
    /// from the parameters: λ p.
    var weightDecay: Double { get }
    /// What the weight decay acts on; the gradient unless the rule says otherwise.
    var decayTarget: DecayTarget { get }
    /// Moves `parameter`, float32 or float64, in place. `state.steps` counts from 1.
    func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState)
}

/// What weight decay acts on.
public enum DecayTarget: Sendable {
    /// It is added to the gradient.
    case gradient
    /// It shrinks the parameter before the step.
    case parameter
    /// `update` sees to it.
    case ownUpdate
}

extension ComposedRule {
    public var decayTarget: DecayTarget { .gradient }

    public func step(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let dtype = ParameterState.dtype(of: parameter)
        let target = parameter.dtype == dtype ? parameter : parameter.detach().to(dtype)
        var gradient = gradient.detach().to(dtype)
        if maximize { gradient = -gradient }
        if weightDecay != 0 {
            switch decayTarget {
            case .gradient: gradient = gradient + target * weightDecay
            case .parameter: target.mul_(1 - learningRate * weightDecay)
            case .ownUpdate: break
            }
        }
        state.steps += 1
        update(target, gradient, &state)
        if target !== parameter { parameter.copy_(target) }
    }
}
