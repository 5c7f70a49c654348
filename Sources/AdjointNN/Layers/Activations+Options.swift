public import AdjointCore

/// x Φ(x), with the normal distribution function Φ, or its approximation by tanh.
public final class GELU: HookedLayer {
    /// Exactly, by the error function, or by a hyperbolic tangent.
    public let approximate: GeluApproximation
    /// x Φ(x), computed exactly or by a hyperbolic tangent.
    public init(approximate: GeluApproximation = .none) { self.approximate = approximate }
    public func forward(_ x: Tensor) -> Tensor { x.gelu(approximate: approximate) }
}

/// x where it is positive, α (eˣ - 1) elsewhere.
public final class ELU: HookedLayer {
    /// α
    public let alpha: Double
    /// x above 0, and `alpha` (eˣ - 1) below.
    public init(alpha: Double = 1) { self.alpha = alpha }
    public func forward(_ x: Tensor) -> Tensor { elu(x, alpha: alpha) }
}

/// max(x, 0) + min(0, α (e^(x/α) - 1)) (Barron, 2017).
public final class CELU: HookedLayer {
    /// α
    public let alpha: Double
    /// x above 0, and `alpha` (exp(x / `alpha`) - 1) below.
    ///
    /// - Errors: `.argument`, when it is called, for an `alpha` of 0.
    public init(alpha: Double = 1) { self.alpha = alpha }
    public func forward(_ x: Tensor) -> Tensor { celu(x, alpha: alpha) }
}

/// x where it is positive, a fraction of it elsewhere.
public final class LeakyReLU: HookedLayer {
    /// The fraction.
    public let negativeSlope: Double
    /// x above 0, and `negativeSlope` times x below.
    public init(_ negativeSlope: Double = 0.01) { self.negativeSlope = negativeSlope }
    public func forward(_ x: Tensor) -> Tensor { leakyRelu(x, negativeSlope: negativeSlope) }
}

/// x between two bounds.
public final class Hardtanh: HookedLayer {
    /// The lower bound.
    public let minVal: Double
    /// The upper bound.
    public let maxVal: Double

    /// x cut off at `minVal` and `maxVal`.
    ///
    /// - Errors: `.argument`, when it is called, for bounds out of order.
    public init(minVal: Double = -1, maxVal: Double = 1) {
        self.minVal = minVal
        self.maxVal = maxVal
    }

    public func forward(_ x: Tensor) -> Tensor { hardtanh(x, minVal: minVal, maxVal: maxVal) }
}

/// log(1 + e^(βx)) / β; x itself where βx exceeds the threshold.
public final class Softplus: HookedLayer {
    /// β
    public let beta: Double
    /// The βx beyond which x itself is the result.
    public let threshold: Double

    /// log(1 + e^(βx)) / β, up to a βx of `threshold`.
    public init(beta: Double = 1, threshold: Double = 20) {
        self.beta = beta
        self.threshold = threshold
    }

    public func forward(_ x: Tensor) -> Tensor { softplus(x, beta: beta, threshold: threshold) }
}

/// x, but 0 where |x| is at most λ.
public final class Hardshrink: HookedLayer {
    /// λ
    public let lambd: Double
    /// Cuts out what lies within `lambd` of 0.
    public init(_ lambd: Double = 0.5) { self.lambd = lambd }
    public func forward(_ x: Tensor) -> Tensor { hardshrink(x, lambd: lambd) }
}

/// x moved by λ towards 0; 0 where |x| is at most λ.
public final class Softshrink: HookedLayer {
    /// λ
    public let lambd: Double
    /// Moves towards 0 by `lambd`.
    public init(_ lambd: Double = 0.5) { self.lambd = lambd }
    public func forward(_ x: Tensor) -> Tensor { softshrink(x, lambd: lambd) }
}

/// x where it exceeds a threshold, a given value elsewhere.
public final class Threshold: HookedLayer {
    /// What x must exceed.
    public let threshold: Double
    /// What stands for the elements at the threshold and below.
    public let value: Double

    /// x above `threshold`, and `value` elsewhere.
    public init(_ threshold: Double, _ value: Double) {
        self.threshold = threshold
        self.value = value
    }

    public func forward(_ x: Tensor) -> Tensor { AdjointCore.threshold(x, threshold, value) }
}

/// The first half of a dimension times the sigmoid of the second half.
public final class GLU: HookedLayer {
    /// The dimension.
    public let dim: Int
    /// Halves dimension `dim`, whose size must be even.
    public init(dim: Int = -1) { self.dim = dim }
    public func forward(_ x: Tensor) -> Tensor { glu(x, dim: dim) }
}

/// eˣ / Σ eˣ along one dimension.
public final class Softmax: HookedLayer {
    /// The dimension.
    public let dim: Int
    /// Along dimension `dim`, the last one unless given.
    public init(dim: Int = -1) { self.dim = dim }
    public func forward(_ x: Tensor) -> Tensor { x.softmax(dim: dim) }
}

/// e⁻ˣ / Σ e⁻ˣ along one dimension.
public final class Softmin: HookedLayer {
    /// The dimension.
    public let dim: Int
    /// Along dimension `dim`, the last one unless given.
    public init(dim: Int = -1) { self.dim = dim }
    public func forward(_ x: Tensor) -> Tensor { softmin(x, dim: dim) }
}

/// x - log Σ eˣ along one dimension.
public final class LogSoftmax: HookedLayer {
    /// The dimension.
    public let dim: Int
    /// Along dimension `dim`, the last one unless given.
    public init(dim: Int = -1) { self.dim = dim }
    public func forward(_ x: Tensor) -> Tensor { x.logSoftmax(dim: dim) }
}

/// x where it is positive, elsewhere a fraction of it that is learnt: one number, or one for each
/// channel.
public final class PReLU: HookedLayer {
    /// [1] or [channels].
    public let weight: Parameter

    /// The fractions start at `initial`.
    public init(_ numParameters: Int = 1, initial: Double = 0.25, dtype: DType = .float32) {
        weight = Parameter(Tensor.full([numParameters], initial, dtype: dtype))
    }

    public func forward(_ x: Tensor) -> Tensor { prelu(x, weight) }
}

/// x where it is positive, elsewhere a fraction of it, drawn for each element in training and the
/// middle of the bounds in evaluation.
public final class RReLU: HookedLayer {
    /// The least fraction.
    public let lower: Double
    /// The largest fraction.
    public let upper: Double

    /// Fractions uniform in `lower`...`upper` in training.
    public init(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3) {
        self.lower = lower
        self.upper = upper
    }

    public func forward(_ x: Tensor) -> Tensor {
        rrelu(x, lower: lower, upper: upper, training: isTraining)
    }
}
