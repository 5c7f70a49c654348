public import AdjointCore

/// How parameters start: PyTorch's `torch.nn.init`. Functions with an underscore write over a
/// tensor; all draw from the current generator.
public enum Init {
    /// Uniform between `-bound` and `bound`.
    static func uniform(_ shape: [Int], _ bound: Double, _ dtype: DType) -> Tensor {
        // How a layer's numbers come about is, to whoever watches the program, no part of it.
        observing(nil) { uniform_(Tensor.zeros(shape, dtype: dtype), -bound, bound) }
    }

    /// 1/√fanIn, which Kaiming's uniform rule with a = √5 gives.
    static func bound(fanIn: Int) -> Double { fanIn > 0 ? 1 / Double(fanIn).squareRoot() : 0 }

    /// Uniform numbers in [low, high).
    @discardableResult
    public static func uniform_(_ t: Tensor, _ low: Double = 0, _ high: Double = 1) -> Tensor {
        noGrad {
            t.copy_(Tensor.rand(t.shape, dtype: t.dtype, device: t.device) * (high - low) + low)
        }
    }

    /// Normal numbers of the given mean and standard deviation.
    @discardableResult
    public static func normal_(_ t: Tensor, mean: Double = 0, std: Double = 1) -> Tensor {
        noGrad { t.copy_(Tensor.randn(t.shape, dtype: t.dtype, device: t.device) * std + mean) }
    }

    /// `value` everywhere.
    @discardableResult
    public static func constant_(_ t: Tensor, _ value: Double) -> Tensor {
        noGrad { t.copy_(Tensor.full([], value, dtype: t.dtype, device: t.device)) }
    }

    /// Writes 0 over every element, unrecorded.
    @discardableResult
    public static func zeros_(_ t: Tensor) -> Tensor { constant_(t, 0) }

    /// Writes 1 over every element, unrecorded.
    @discardableResult
    public static func ones_(_ t: Tensor) -> Tensor { constant_(t, 1) }

    /// The gain of a nonlinearity in the rules below.
    public enum Nonlinearity: Sendable {
        /// None: the gain is 1.
        case linear
        /// 1 / (1 + e⁻ˣ): the gain is 1.
        case sigmoid
        /// The hyperbolic tangent: the gain is 5/3.
        case tanh
        /// The positive part: the gain is √2.
        case relu
        /// The self-normalising linear unit: the gain is 3/4.
        case selu
        /// x above 0 and a fraction of it below: the gain is √(2 / (1 + slope²)).
        case leakyReLU(slope: Double)

        /// PyTorch's `calculate_gain`.
        public var gain: Double {
            switch self {
            case .linear, .sigmoid: 1
            case .tanh: 5.0 / 3
            case .relu: 2.0.squareRoot()
            case .selu: 0.75
            case .leakyReLU(let slope): (2 / (1 + slope * slope)).squareRoot()
            }
        }
    }

    /// Which side of a weight keeps its variance.
    public enum Fan: Sendable {
        /// What enters: values keep their variance on the way forward.
        case fanIn
        /// What leaves: gradients keep theirs on the way back.
        case fanOut
    }

    /// Uniform in ±gain √(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010).
    @discardableResult
    public static func xavierUniform_(_ t: Tensor, gain: Double = 1) -> Tensor {
        guard let (fanIn, fanOut) = fans(t, "xavierUniform_") else { return t }
        let bound = gain * (6 / (fanIn + fanOut)).squareRoot()
        return uniform_(t, -bound, bound)
    }

    /// Normal with standard deviation gain √(2 / (fanIn + fanOut)) (Glorot and Bengio, 2010).
    @discardableResult
    public static func xavierNormal_(_ t: Tensor, gain: Double = 1) -> Tensor {
        guard let (fanIn, fanOut) = fans(t, "xavierNormal_") else { return t }
        return normal_(t, std: gain * (2 / (fanIn + fanOut)).squareRoot())
    }

    /// Uniform in ±gain √(3 / fan) (He, Zhang, Ren and Sun, 2015).
    @discardableResult
    public static func kaimingUniform_(
        _ t: Tensor, mode: Fan = .fanIn, nonlinearity: Nonlinearity = .leakyReLU(slope: 0)
    ) -> Tensor {
        guard let (fanIn, fanOut) = fans(t, "kaimingUniform_") else { return t }
        let bound = nonlinearity.gain * (3 / (mode == .fanIn ? fanIn : fanOut)).squareRoot()
        return uniform_(t, -bound, bound)
    }

    /// Normal with standard deviation gain / √fan (He, Zhang, Ren and Sun, 2015).
    @discardableResult
    public static func kaimingNormal_(
        _ t: Tensor, mode: Fan = .fanIn, nonlinearity: Nonlinearity = .leakyReLU(slope: 0)
    ) -> Tensor {
        guard let (fanIn, fanOut) = fans(t, "kaimingNormal_") else { return t }
        let fan = mode == .fanIn ? fanIn : fanOut
        return normal_(t, std: nonlinearity.gain / fan.squareRoot())
    }

    /// How many numbers meet in one output, and into how many outputs one number goes; nil for an
    /// empty weight, which has nothing to set.
    private static func fans(_ t: Tensor, _ name: String) -> (Double, Double)? {
        guard t.ndim >= 2 else {
            Failure.raise(
                TensorError(
                    .shape,
                    "a weight needs at least 2 dimensions for its fans, but this one has shape "
                        + "\(t.shape)", operation: name))
            return nil
        }
        if t.numel == 0 { return nil }
        let field = Double(t.shape.dropFirst(2).reduce(1, *))
        return (Double(t.shape[1]) * field, Double(t.shape[0]) * field)
    }
}
