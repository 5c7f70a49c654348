/// The inverse of the error function.
public struct Erfinv: UnaryPointwiseOp {
    public static let info = OpInfo(
        "erfinv", family: .pointwise, formula: "erf⁻¹ x", derivative: "√π/2 exp((erf⁻¹ x)²)")
    public static var samples: [Sample] { Sample.unary(Erfinv(), over: .uniform(-0.9, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { T(Erfinv.value(Double(x))) }

    /// Halley's steps from Winitzki's approximation, which is within 0.2 %. In the tail they work
    /// on 1 - |x|, which is exact.
    static func value(_ x: Double) -> Double {
        let size = x.magnitude
        if x == 0 || !(size < 1) { return x == 0 ? x : size == 1 ? x * .infinity : .nan }
        let l = Double.log((1 - size) * (1 + size))
        let (a, b) = (2 / (.pi * 0.147) + l / 2, l / 0.147)
        var y = ((a * a - b).squareRoot() - a).squareRoot()
        for _ in 0..<3 {
            let miss = size < 0.5 ? Double.erf(y) - size : 1 - size - Double.erfc(y)
            let step = miss / (1.128_379_167_095_512_573_9 * Double.exp(-y * y))
            y -= step / (1 + step * y)
        }
        return x < 0 ? -y : y
    }

    public func derivative(_ saved: Saved) -> Tensor {
        let y = saved[0].erfinv()
        return (y * y).exp() * 0.886226925452758013649
    }
}

extension Tensor {
    /// The number whose error function each element is; infinite at ±1, NaN beyond. Same as `torch.erfinv`.
    public func erfinv() -> Tensor { apply(Erfinv(), Operands(self)) }
    /// Writes erf⁻¹ x over each element `x`.
    @discardableResult public func erfinv_() -> Tensor { applyInPlace(Erfinv(), self) }
}
