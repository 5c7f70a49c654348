public import AdjointCore

/// Adam's division by the root of a mean of squares, where a matrix keeps only the means of its rows
/// and of its columns (Shazeer and Stern, 2018). Steps are relative to the size of the parameters.
public final class Adafactor: GroupedOptimizer {
    public struct Options: ComposedRule {
        /// The largest relative step; that of step t is at most 1 / √t.
        public var learningRate: Double
        /// The means of squares take t to this power of the squares of step t.
        public var beta2Decay: Double
        /// The smallest root of a mean of squares (nil: the precision of the type), and the smallest size
        /// of a parameter.
        public var eps: (Double?, Double)
        /// The largest root mean square of a step before it is scaled.
        public var clipThreshold: Double
        public var weightDecay: Double
        /// Ascends in place of descending.
        public var maximize: Bool

        public init() { self.init(learningRate: 1e-2) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-2,
            beta2Decay: Double = -0.8,
            eps: (Double?, Double) = (nil, 1e-3),
            clipThreshold: Double = 1,
            weightDecay: Double = 0,
            maximize: Bool = false
        ) {
            self.learningRate = learningRate
            self.beta2Decay = beta2Decay
            self.eps = eps
            self.clipThreshold = clipThreshold
            self.weightDecay = weightDecay
            self.maximize = maximize
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for negative rates, for a positive
    ///   `beta2Decay` and for a threshold below 1.
    public init(groups: [ParameterGroup<Options>]) {
        core = OptimizerCore(groups, named: "Adafactor")
    }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor],
        learningRate: Double = 1e-2,
        beta2Decay: Double = -0.8,
        eps: (Double?, Double) = (nil, 1e-3),
        clipThreshold: Double = 1,
        weightDecay: Double = 0,
        maximize: Bool = false
    ) {
        let options = Options(
            learningRate: learningRate,
            beta2Decay: beta2Decay,
            eps: eps,
            clipThreshold: clipThreshold,
            weightDecay: weightDecay,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension Adafactor.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["row_var", "col_var", "variance"], [])
    }

    public var decayTarget: DecayTarget { .ownUpdate }

    public static func shape(of memory: String, for parameter: [Int]) -> [Int]? {
        var shape = parameter
        if memory == "row_var", let last = shape.indices.last { shape[last] = 1 }
        if memory == "col_var", shape.count > 1 { shape[shape.count - 2] = 1 }
        return shape
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("beta2_decay", &beta2Decay)
        fields("eps.0", &eps.0)
        fields("eps.1", &eps.1)
        fields("d", &clipThreshold)
        fields("weight_decay", &weightDecay)
        fields("maximize", &maximize)
    }

    public var problem: String? {
        if !(beta2Decay <= 0) { return "beta2Decay must not be positive, but is \(beta2Decay)" }
        if !(clipThreshold >= 1) {
            return "clipThreshold must be at least 1, but is \(clipThreshold)"
        }
        return Self.negative(
            ("learningRate", learningRate), ("eps.0", eps.0 ?? 0), ("eps.1", eps.1),
            ("weightDecay", weightDecay))
    }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let floor =
            eps.0 ?? (parameter.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne))
        let steps = Double(state.steps)
        let weight = steps.raised(to: beta2Decay)
        let count = Double(Swift.max(parameter.numel, 1)).squareRoot()
        let size: Double = parameter.norm().item()
        let step = Swift.max(eps.1, size / count) * Swift.min(learningRate, 1 / steps.squareRoot())
        if weightDecay != 0 { parameter.mul_(1 - learningRate * weightDecay) }
        let squares = gradient * gradient
        let variance: Tensor
        if gradient.ndim > 1 {
            let shape = parameter.shape
            let rows = state.tensor(
                "row_var", of: parameter, shape: Self.shape(of: "row_var", for: shape))
            let columns = state.tensor(
                "col_var", of: parameter, shape: Self.shape(of: "col_var", for: shape))
            rows.lerp_(squares.mean(dim: -1, keepDim: true), weight)
            columns.lerp_(squares.mean(dim: -2, keepDim: true), weight)
            variance = rows.matmul(columns) / rows.mean(dim: -2, keepDim: true).clamp(min: floor)
        } else {
            variance = state.tensor("variance", of: parameter)
            variance.lerp_(squares, weight)
        }
        let update = variance.clamp(min: floor * floor).rsqrt() * gradient
        let length: Double = update.norm().item()
        parameter.sub_(update, alpha: step / Swift.max(1, length / (count * clipThreshold)))
    }
}
