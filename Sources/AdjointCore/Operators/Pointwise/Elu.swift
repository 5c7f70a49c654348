/// The exponential linear unit, s x above 0 and s α (eˣ - 1) below.
public struct Elu: UnaryChainOp {
    public static let info = OpInfo(
        "elu", family: .pointwise, formula: "x > 0 ? s x : s α (eˣ - 1)",
        derivative: "x > 0 ? s : s α eˣ", torch: "torch.nn.functional.elu", dtypes: .floating)
    public static var samples: [Sample] {
        Sample.unary(Elu(), over: .distinct) + Sample.unary(Elu.selfNormalizing, over: .distinct)
    }
    let alpha: Double
    let scale: Double
    public init(alpha: Double = 1, scale: Double = 1) {
        self.alpha = alpha
        self.scale = scale
    }

    /// The constants that keep mean 0 and variance 1 from layer to layer (Klambauer et al., 2017).
    static let selfNormalizing = Elu(
        alpha: 1.673_263_242_354_377_284_8, scale: 1.050_700_987_355_480_493_4)

    public func value<T: Real>(_ x: T) -> T {
        x > 0 ? x * T(scale) : T.expm1(x) * T(alpha * scale)
    }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        let below = flow * (saved[0].exp() * (alpha * scale))
        return Tensor.where(saved[0] .<= 0, below, scale == 1 ? flow : flow * scale)
    }
}

extension Tensor {
    /// `x` where it is positive, α (eˣ - 1) elsewhere. Same as `torch.nn.functional.elu`.
    public func elu(alpha: Double = 1) -> Tensor { apply(Elu(alpha: alpha), Operands(self)) }
    @discardableResult public func elu_(alpha: Double = 1) -> Tensor {
        applyInPlace(Elu(alpha: alpha), self)
    }
    /// The self-normalising exponential linear unit. Same as `torch.nn.functional.selu`.
    public func selu() -> Tensor { apply(Elu.selfNormalizing, Operands(self)) }
    @discardableResult public func selu_() -> Tensor { applyInPlace(Elu.selfNormalizing, self) }
}
