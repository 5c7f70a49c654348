public import AdjointCore

/// Momentum whose step is made orthogonal (Jordan, 2024): every direction of a matrix moves by the
/// same length. For matrices alone; give vectors and embeddings to another optimiser.
///
/// Five rounds of Newton and Schulz's iteration bring all singular values near 1, in bfloat16.
public final class Muon: GroupedOptimizer {
    /// How the learning rate follows the shape of an A by B matrix.
    public enum RateAdjustment: String, Sendable, CaseIterable {
        /// √max(1, A / B), so that wide and tall matrices take steps of one strength.
        case original
        /// 0.2 √max(A, B), so that rates and decays found for AdamW can be used.
        case matchRMSAdamW = "match_rms_adamw"
    }

    public struct Options: MomentumOptions, ComposedRule {
        public var learningRate: Double
        public var weightDecay: Double
        public var momentum: Double
        /// Whether the step looks ahead along the momentum.
        public var nesterov: Bool
        /// a, b and c of the iteration X ← a X + (b X Xᵀ + c (X Xᵀ)²) X.
        public var coefficients: (Double, Double, Double)
        /// The smallest norm that a gradient is divided by.
        public var eps: Double
        /// Rounds of the iteration, below 100.
        public var iterations: Int
        /// How the learning rate follows the shape of a matrix.
        public var rateAdjustment: RateAdjustment

        public init() { self.init(learningRate: 1e-3) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1e-3, weightDecay: Double = 0.1, momentum: Double = 0.95,
            nesterov: Bool = true,
            coefficients: (Double, Double, Double) = (3.4445, -4.775, 2.0315),
            eps: Double = 1e-7, iterations: Int = 5, rateAdjustment: RateAdjustment = .original
        ) {
            self.learningRate = learningRate
            self.weightDecay = weightDecay
            self.momentum = momentum
            self.nesterov = nesterov
            self.coefficients = coefficients
            self.eps = eps
            self.iterations = iterations
            self.rateAdjustment = rateAdjustment
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for a parameter that is no matrix, for
    ///   negative rates and for 100 rounds and more.
    public init(groups: [ParameterGroup<Options>]) { core = OptimizerCore(groups, named: "Muon") }

    /// Optimises one group of parameters, with options that have PyTorch's values unless given.
    ///
    /// - Errors: as `init(groups:)`.
    public convenience init(
        _ parameters: [Tensor], learningRate: Double = 1e-3, weightDecay: Double = 0.1,
        momentum: Double = 0.95, nesterov: Bool = true,
        coefficients: (Double, Double, Double) = (3.4445, -4.775, 2.0315), eps: Double = 1e-7,
        iterations: Int = 5, rateAdjustment: RateAdjustment = .original
    ) {
        let options = Options(
            learningRate: learningRate, weightDecay: weightDecay, momentum: momentum,
            nesterov: nesterov, coefficients: coefficients, eps: eps, iterations: iterations,
            rateAdjustment: rateAdjustment)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

extension Muon.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (["momentum_buffer"], [])
    }

    public static func problem(with parameter: Tensor) -> String? {
        parameter.ndim == 2
            ? nil
            : "Muon only supports 2D parameters, but one has shape \(parameter.shape); give it to "
                + "another optimiser"
    }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("weight_decay", &weightDecay)
        fields("momentum", &momentum)
        fields("nesterov", &nesterov)
        fields("ns_coefficients.0", &coefficients.0)
        fields("ns_coefficients.1", &coefficients.1)
        fields("ns_coefficients.2", &coefficients.2)
        fields("eps", &eps)
        fields("ns_steps", &iterations)
        fields("adjust_lr_fn", &rateAdjustment)
    }

    public var problem: String? {
        if !(0..<100).contains(iterations) {
            return "iterations must be in 0..<100, but are \(iterations)"
        }
        return Self.negative(
            ("learningRate", learningRate), ("weightDecay", weightDecay), ("momentum", momentum))
    }

    public var maximize: Bool { false }
    public var decayTarget: DecayTarget { .parameter }

    public func update(_ parameter: Tensor, _ gradient: Tensor, _ state: inout ParameterState) {
        let buffer = state.tensor("momentum_buffer", of: parameter)
        buffer.lerp_(gradient, 1 - momentum)
        let direction = orthogonal(nesterov ? gradient.lerp(buffer, momentum) : buffer)
        let (rows, columns) = (Double(parameter.shape[0]), Double(parameter.shape[1]))
        let ratio =
            switch rateAdjustment {
            case .original: Swift.max(1, rows / columns).squareRoot()
            case .matchRMSAdamW: 0.2 * Swift.max(rows, columns).squareRoot()
            }
        parameter.sub_(direction.to(parameter.dtype), alpha: learningRate * ratio)
    }

    /// The matrix with all its singular values near 1, in bfloat16. The wide form has the smaller
    /// products.
    private func orthogonal(_ matrix: Tensor) -> Tensor {
        let isTall = matrix.shape[0] > matrix.shape[1]
        var x = matrix.to(.bfloat16)
        if isTall { x = x.mT }
        x = x / x.norm().clamp(min: eps)
        let (a, b, c) = coefficients
        for _ in 0..<iterations {
            let gram = x.matmul(x.mT)
            x = x * a + (gram * b + (gram * c).matmul(gram)).matmul(x)
        }
        return isTall ? x.mT : x
    }
}
