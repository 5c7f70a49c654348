/// exp(x²) erfc(x): the complementary error function without its fall, so that it neither
/// underflows nor loses its digits far to the right.
public struct Erfcx: UnaryPointwiseOp {
    public static let info = OpInfo(
        "erfcx", family: .pointwise, formula: "exp(x²) erfc x", derivative: "2x erfcx x - 2/√π",
        torch: "torch.special.erfcx")
    public static let saves: SavedSet = [.input, .output]
    public static var samples: [Sample] { Sample.unary(Erfcx(), over: .uniform(-2, 3)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { T(Erfcx.value(Double(x))) }
    public func derivative(_ saved: Saved) -> Tensor {
        saved[0] * saved.output * 2 - 1.128_379_167_095_512_573_9
    }

    /// By the definition up to 10, with the rounding of x² made good; above it by the asymptotic
    /// series 1 / (x√π) Σ (-1)ᵏ (2k - 1)!! / (2x²)ᵏ (DLMF 7.12.1).
    static func value(_ x: Double) -> Double {
        if x < 10 {
            let square = x * x
            let rest = (-square).addingProduct(x, x)
            let power = Double.exp(square)
            // Past the largest number both factors are what they can be.
            return power == .infinity ? power : (power + power * rest) * Double.erfc(x)
        }
        if x.isNaN { return x }
        let step = 0.5 / (x * x)
        var (sum, term, k) = (1.0, 1.0, 1.0)
        while term.magnitude > 1e-17 && k < 40 {
            term *= -(2 * k - 1) * step
            sum += term
            k += 1
        }
        return sum / (x * Double.pi.squareRoot())
    }
}

extension Tensor {
    /// exp(x²) erfc(x) for each element `x`. Same as `torch.special.erfcx`.
    public func erfcx() -> Tensor { apply(Erfcx(), Operands(self)) }
}
