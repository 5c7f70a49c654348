/// The modified Bessel functions of the first kind, of order 0 and 1.
///
/// Up to 25 by the power series (DLMF 10.25.2), whose terms are all positive; above it by the
/// asymptotic series (DLMF 10.40.1), whose smallest term is then below e⁻⁵⁰.
enum ModifiedBessel {
    private static let border = 25.0

    /// I_n(x).
    static func value(_ order: Int, _ x: Double) -> Double {
        let size = x.magnitude
        let sign = order == 1 && x < 0 ? -1.0 : 1.0
        if size <= border { return sign * series(order, size) }
        if size == .infinity { return sign * size }
        // Half the exponential at a time: the result may be finite where eˣ is not.
        let half = Double.exp(size / 2)
        return sign * (half * (half * tail(order, size)))
    }

    /// e^(-|x|) I_n(x).
    static func scaled(_ order: Int, _ x: Double) -> Double {
        let size = x.magnitude
        let sign = order == 1 && x < 0 ? -1.0 : 1.0
        return sign
            * (size <= border ? series(order, size) * Double.exp(-size) : tail(order, size))
    }

    /// Σ (x/2)^(2k + n) / (k! (k + n)!)
    private static func series(_ order: Int, _ x: Double) -> Double {
        let square = x * x / 4
        var term = order == 0 ? 1 : x / 2
        var (sum, k) = (term, 1.0)
        while term > sum * 1e-17 {
            term *= square / (k * (k + Double(order)))
            sum += term
            k += 1
        }
        return sum
    }

    /// e⁻ˣ I_n(x) as 1 / √(2πx) Σ (-1)ᵏ (4n² - 1)(4n² - 9)...(4n² - (2k-1)²) / (k! (8x)ᵏ)
    private static func tail(_ order: Int, _ x: Double) -> Double {
        if x == .infinity || x.isNaN { return x.isNaN ? x : 0 }
        let mu = Double(4 * order * order)
        var (sum, term, k) = (1.0, 1.0, 1.0)
        while term.magnitude > 1e-17 && k < 60 {
            let odd = 2 * k - 1
            term *= -(mu - odd * odd) / (k * 8 * x)
            sum += term
            k += 1
        }
        return sum / (2 * .pi * x).squareRoot()
    }
}

/// The modified Bessel function of the first kind of order 0.
public struct I0: UnaryPointwiseOp {
    public static let info = OpInfo("i0", family: .pointwise, formula: "I₀(x)", derivative: "I₁(x)")
    public static var samples: [Sample] { Sample.unary(I0(), over: .uniform(-3, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { T(ModifiedBessel.value(0, Double(x))) }
    public func derivative(_ saved: Saved) -> Tensor { saved[0].i1() }
}

/// The same, scaled by e^(-|x|), which does not overflow.
public struct I0e: UnaryPointwiseOp {
    public static let info = OpInfo(
        "i0e", family: .pointwise, formula: "e^(-|x|) I₀(x)", derivative: "I₁ₑ(x) - sign x I₀ₑ(x)",
        torch: "torch.special.i0e")
    public static let saves: SavedSet = [.input, .output]
    public static var samples: [Sample] {
        Sample.unary(I0e(), over: .these([0.4, -1.2, 2.9, -0.3, 1.7, -2.2]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { T(ModifiedBessel.scaled(0, Double(x))) }
    public func derivative(_ saved: Saved) -> Tensor {
        saved[0].i1e() - saved[0].sign() * saved.output
    }
}

/// The modified Bessel function of the first kind of order 1.
public struct I1: UnaryPointwiseOp {
    public static let info = OpInfo(
        "i1", family: .pointwise, formula: "I₁(x)", derivative: "I₀(x) - I₁(x) / x, ½ at 0",
        torch: "torch.special.i1")
    public static let saves: SavedSet = [.input, .output]
    public static var samples: [Sample] {
        Sample.unary(I1(), over: .these([0.4, -1.2, 2.9, -0.3, 1.7, -2.2]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { T(ModifiedBessel.value(1, Double(x))) }
    public func derivative(_ saved: Saved) -> Tensor {
        let x = saved[0]
        let isZero = x .== 0
        return Tensor.where(isZero, 0.5, x.i0() - saved.output / Tensor.where(isZero, 1, x))
    }
}

/// The same, scaled by e^(-|x|).
public struct I1e: UnaryPointwiseOp {
    public static let info = OpInfo(
        "i1e", family: .pointwise, formula: "e^(-|x|) I₁(x)",
        derivative: "I₀ₑ(x) - I₁ₑ(x) (sign x + 1 / x), ½ at 0", torch: "torch.special.i1e")
    public static let saves: SavedSet = [.input, .output]
    public static var samples: [Sample] {
        Sample.unary(I1e(), over: .these([0.4, -1.2, 2.9, -0.3, 1.7, -2.2]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { T(ModifiedBessel.scaled(1, Double(x))) }
    public func derivative(_ saved: Saved) -> Tensor {
        let x = saved[0]
        let isZero = x .== 0
        let rate = x.sign() + Tensor.where(isZero, 1, x).reciprocal()
        return Tensor.where(isZero, 0.5, x.i0e() - saved.output * rate)
    }
}

extension Tensor {
    /// The modified Bessel function I₀ of each element. Same as `torch.i0`.
    public func i0() -> Tensor { apply(I0(), Operands(self)) }
    /// Writes I₀(x) over each element `x`.
    @discardableResult public func i0_() -> Tensor { applyInPlace(I0(), self) }
    /// e^(-|x|) I₀(x) for each element `x`. Same as `torch.special.i0e`.
    public func i0e() -> Tensor { apply(I0e(), Operands(self)) }
    /// The modified Bessel function I₁ of each element. Same as `torch.special.i1`.
    public func i1() -> Tensor { apply(I1(), Operands(self)) }
    /// e^(-|x|) I₁(x) for each element `x`. Same as `torch.special.i1e`.
    public func i1e() -> Tensor { apply(I1e(), Operands(self)) }
}
