/// The exponential linear unit, s x above 0 and s α (eᵏˣ - 1) below.
public struct Elu: UnaryChainOp {
    public static let info = OpInfo(
        "elu", family: .pointwise, formula: "x > 0 ? s x : s α (eᵏˣ - 1)",
        derivative: "x > 0 ? s : s α k eᵏˣ", torch: "torch.nn.functional.elu", dtypes: .floating)
    public static var samples: [Sample] {
        Sample.unary(Elu(), over: .distinct) + Sample.unary(Elu.selfNormalizing, over: .distinct)
            + Sample.unary(Elu(alpha: 2, inputScale: 0.5), over: .distinct)
    }
    let alpha: Double
    let scale: Double
    let inputScale: Double
    /// s x above 0, and s α (eᵏˣ - 1) below, for `alpha` α, `scale` s and `inputScale` k.
    public init(alpha: Double = 1, scale: Double = 1, inputScale: Double = 1) {
        self.alpha = alpha
        self.scale = scale
        self.inputScale = inputScale
    }

    /// The constants that keep mean 0 and variance 1 from layer to layer (Klambauer et al., 2017).
    static let selfNormalizing = Elu(
        alpha: 1.673_263_242_354_377_284_8, scale: 1.050_700_987_355_480_493_4)

    public func value<T: Real>(_ x: T) -> T {
        x > 0 ? x * T(scale) : T.expm1(x * T(inputScale)) * T(alpha * scale)
    }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        // Cut off at 0, where the second derivative is 0 as it is above.
        let negative = saved[0].clamp(max: 0)
        let z = inputScale == 1 ? negative : negative * inputScale
        let below = flow * (z.exp() * (alpha * scale * inputScale))
        return Tensor.where(saved[0] .<= 0, below, scale == 1 ? flow : flow * scale)
    }
}

extension Tensor {
    /// `x` where it is positive, α (eˣ - 1) elsewhere. Same as `torch.nn.functional.elu`.
    public func elu(alpha: Double = 1) -> Tensor { apply(Elu(alpha: alpha), Operands(self)) }
    /// Writes `elu` over each element.
    @discardableResult public func elu_(alpha: Double = 1) -> Tensor {
        applyInPlace(Elu(alpha: alpha), self)
    }
    /// `x` where it is positive, α (exp(x / α) - 1) elsewhere: smooth for every α. Same as
    /// `torch.nn.functional.celu`.
    ///
    /// - Errors: `.argument` for an α of 0.
    public func celu(alpha: Double = 1) -> Tensor {
        refusedAlpha(alpha) ?? apply(Elu(alpha: alpha, inputScale: 1 / alpha), Operands(self))
    }
    /// Writes `celu` over each element.
    ///
    /// - Errors: `.argument` for an α of 0.
    @discardableResult public func celu_(alpha: Double = 1) -> Tensor {
        refusedAlpha(alpha) ?? applyInPlace(Elu(alpha: alpha, inputScale: 1 / alpha), self)
    }
    private func refusedAlpha(_ alpha: Double) -> Tensor? {
        if alpha != 0 { return nil }
        return Failure.poison(
            TensorError(.argument, "alpha must not be 0", operation: "celu"), like: sizes, dtype)
    }
    /// The self-normalising exponential linear unit. Same as `torch.nn.functional.selu`.
    public func selu() -> Tensor { apply(Elu.selfNormalizing, Operands(self)) }
    /// Writes `selu` over each element.
    @discardableResult public func selu_() -> Tensor { applyInPlace(Elu.selfNormalizing, self) }
}
