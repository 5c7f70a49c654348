/// The n-th derivative of digamma: (-1)ⁿ⁺¹ n! Σ (x + k)⁻ⁿ⁻¹ over k ≥ 0; digamma itself for n = 0.
public struct Polygamma: UnaryPointwiseOp {
    public static let info = OpInfo(
        "polygamma", family: .pointwise, formula: "ψ⁽ⁿ⁾(x)", derivative: "ψ⁽ⁿ⁺¹⁾(x)")
    public static var samples: [Sample] {
        [0, 1, 3].flatMap { Sample.unary(Polygamma($0), over: .uniform(0.5, 4)) }
    }
    let order: Int
    /// The derivative of this order, 0...150, of digamma.
    public init(_ order: Int) { self.order = order }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        if order < 0 || order > 150 {
            throw TensorError(.argument, "the order must be from 0 to 150, not \(order)")
        }
        let x = inputs.first
        return TensorSpec(x.sizes, x.dtype.isFloatingPoint ? x.dtype : .float32)
    }

    public func value<T: Real>(_ x: T) -> T {
        T(order == 0 ? Gamma.digamma(Double(x)) : Gamma.polygamma(order, Double(x)))
    }
    public func derivative(_ saved: Saved) -> Tensor { saved[0].polygamma(order + 1) }
}

/// What belongs to the gamma function, by recurrence up to where the asymptotic series holds.
enum Gamma {
    /// The Bernoulli numbers B₂, B₄, ...
    private static let bernoulli: [Double] = [
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
        43867.0 / 798, -174611.0 / 330,
    ]

    static func digamma(_ x: Double) -> Double {
        if x == 0 { return x.sign == .minus ? .infinity : -.infinity }
        if x.isNaN || x == -.infinity { return .nan }
        if x < 0 {
            let rest = x - x.rounded(.towardZero)
            if rest == 0 { return .nan }
            return digamma(1 - x) - .pi / Double.tan(.pi * rest)
        }
        var (x, sum) = (x, 0.0)
        while x < 10 {
            sum -= 1 / x
            x += 1
        }
        var (series, power) = (0.0, 1.0)
        for (k, b) in bernoulli.enumerated() {
            power /= x * x
            series += b / Double(2 * k + 2) * power
        }
        return x == .infinity ? x : sum + Double.log(x) - 0.5 / x - series
    }

    static func polygamma(_ n: Int, _ x: Double) -> Double {
        let factorial = (1...n).reduce(1.0) { $0 * Double($1) }
        return (n % 2 == 0 ? -1 : 1) * factorial * zeta(n + 1, x)
    }

    /// Hurwitz's zeta function Σ (q + k)⁻ˢ over k ≥ 0, by Euler and Maclaurin.
    static func zeta(_ s: Int, _ q: Double) -> Double {
        if q.isNaN || q == -.infinity { return .nan }
        if q <= 0 && q == q.rounded(.down) { return .infinity }
        if q == .infinity { return 0 }
        func power(_ x: Double) -> Double { Double.pow(x, Double(-s)) }
        var (q, sum) = (q, 0.0)
        // Far below zero the terms are lost beside the others.
        let border = Swift.max(12, Double(s))
        if q < -1e6 { return .nan }
        while q < border {
            sum += power(q)
            q += 1
        }
        let s = Double(s)
        let last = power(q)
        sum += last * q / (s - 1) + last / 2
        var term = last * s / q
        for (k, b) in bernoulli.enumerated() {
            // B₂ₖ / (2k)! · s (s + 1) ... (s + 2k - 2) · q⁻ˢ⁻²ᵏ⁺¹
            let j = Double(2 * k + 2)
            sum += b * term / 2
            term *= (s + j - 1) * (s + j) / ((j + 1) * (j + 2) * q * q)
        }
        return sum
    }
}

extension Tensor {
    /// The logarithmic derivative of the gamma function. Same as `torch.digamma`.
    public func digamma() -> Tensor { polygamma(0) }
    /// The derivative of digamma of order `n`. Same as `torch.polygamma`.
    ///
    /// - Errors: `.argument` for an order below 0 or above 150.
    public func polygamma(_ n: Int) -> Tensor { apply(Polygamma(n), Operands(self)) }
}
