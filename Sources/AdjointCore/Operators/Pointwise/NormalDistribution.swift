/// The logarithm of the distribution function of the normal distribution, also where that
/// underflows.
public struct LogNdtr: UnaryPointwiseOp {
    public static let info = OpInfo(
        "logNdtr", family: .pointwise, formula: "log Φ(x)", derivative: "φ(x) / Φ(x)",
        torch: "torch.special.log_ndtr")
    public static var samples: [Sample] { Sample.unary(LogNdtr(), over: .uniform(-3, 3)) }
    /// The operation; it has no parameters.
    public init() {}

    public func value<T: Real>(_ x: T) -> T {
        let x = Double(x)
        let t = x * 0.5.squareRoot()
        return T(
            x < -1
                ? Double.log(Erfcx.value(-t) / 2) - t * t : Double.log1p(-Double.erfc(t) / 2))
    }

    /// To the left of 0 as √(2/π) / erfcx(-x/√2), which does not cancel; to the right as
    /// exp(log φ - log Φ), whose own derivatives do not overflow there.
    public func derivative(_ saved: Saved) -> Tensor {
        let x = saved[0]
        let isRight = x .> 0
        let right = Tensor.where(isRight, x, 0)
        let left = Tensor.where(isRight, 0, x)
        return Tensor.where(
            isRight, (right * right * -0.5 - right.logNdtr() - 0.918_938_533_204_672_741_8).exp(),
            (left * -(0.5.squareRoot())).erfcx().reciprocal() * 0.797_884_560_802_865_355_9)
    }
}

/// The inverse of the distribution function of the normal distribution.
public struct Ndtri: UnaryPointwiseOp {
    public static let info = OpInfo(
        "ndtri", family: .pointwise, formula: "Φ⁻¹(x)", derivative: "√(2π) exp(y²/2)",
        torch: "torch.special.ndtri")
    public static let saves: SavedSet = .output
    public static var samples: [Sample] { Sample.unary(Ndtri(), over: .uniform(0.05, 0.95)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { T(Ndtri.value(Double(x))) }
    public func derivative(_ saved: Saved) -> Tensor {
        let y = saved.output
        return (y * y * 0.5).exp() * 2.506_628_274_631_000_502_4
    }

    static func value(_ p: Double) -> Double {
        if p > 0.5 { return p < 1 ? -value(1 - p) : p == 1 ? .infinity : .nan }
        // 2p - 1 is exact here, and small where the result is.
        if p >= 0.25 { return 2.0.squareRoot() * Erfinv.value(2 * p - 1) }
        if !(p > 0) { return p == 0 ? -.infinity : .nan }
        // Abramowitz and Stegun 26.2.23, within 0.00045, then Halley's steps.
        let t = (-2 * Double.log(p)).squareRoot()
        var x =
            (2.515517 + t * (0.802853 + t * 0.010328))
            / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
        for _ in 0..<3 {
            // (Φ(x) - p) / φ(x), both divided by the exponential, which may underflow.
            let slope = 2.506_628_274_631_000_502_4
            let scaled = Erfcx.value(-x * 0.5.squareRoot()) / 2
            let miss = slope * (scaled - Double.exp(Double.log(p) + x * x / 2))
            x -= miss / (1 + x * miss / 2)
        }
        return x
    }
}

/// -x log x, 0 at 0 and -∞ below.
public struct Entr: UnaryPointwiseOp {
    public static let info = OpInfo(
        "entr", family: .pointwise, formula: "-x log x", derivative: "-1 - log x",
        torch: "torch.special.entr")
    public static var samples: [Sample] { Sample.unary(Entr(), over: .uniform(0.2, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T {
        x > 0 ? -x * T.log(x) : x == 0 ? 0 : x.isNaN ? x : -.infinity
    }
    public func derivative(_ saved: Saved) -> Tensor { -1 - saved[0].log() }
}

extension Tensor {
    /// The distribution function of the normal distribution. Same as `torch.special.ndtr`.
    public func ndtr() -> Tensor { (self * -(0.5.squareRoot())).erfc() * 0.5 }
    /// The logarithm of the same, also where that underflows. Same as `torch.special.log_ndtr`.
    public func logNdtr() -> Tensor { apply(LogNdtr(), Operands(self)) }
    /// The number below which the normal distribution has the share that each element says;
    /// infinite at 0 and 1, NaN beyond. Same as `torch.special.ndtri`.
    public func ndtri() -> Tensor { apply(Ndtri(), Operands(self)) }
    /// -x log x for each element `x`, 0 at 0 and -∞ below. Same as `torch.special.entr`.
    public func entr() -> Tensor { apply(Entr(), Operands(self)) }
}
