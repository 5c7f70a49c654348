import CAdjoint

/// The floating-point types that arithmetic runs in, with the functions that rooms are written in.
public protocol Real: BinaryFloatingPoint, Sendable {
    /// eˣ.
    static func exp(_ x: Self) -> Self
    /// 2ˣ.
    static func exp2(_ x: Self) -> Self
    /// eˣ - 1, without the loss of digits near 0.
    static func expm1(_ x: Self) -> Self
    /// The natural logarithm; NaN below 0.
    static func log(_ x: Self) -> Self
    /// The logarithm to base 2; NaN below 0.
    static func log2(_ x: Self) -> Self
    /// The logarithm to base 10; NaN below 0.
    static func log10(_ x: Self) -> Self
    /// log(1 + x), without the loss of digits near 0.
    static func log1p(_ x: Self) -> Self
    /// The sine of an angle in radians.
    static func sin(_ x: Self) -> Self
    /// The cosine of an angle in radians.
    static func cos(_ x: Self) -> Self
    /// The tangent of an angle in radians.
    static func tan(_ x: Self) -> Self
    /// The angle of [-π/2, π/2] whose sine is `x`; NaN outside [-1, 1].
    static func asin(_ x: Self) -> Self
    /// The angle of [0, π] whose cosine is `x`; NaN outside [-1, 1].
    static func acos(_ x: Self) -> Self
    /// The angle of (-π/2, π/2) whose tangent is `x`.
    static func atan(_ x: Self) -> Self
    /// (eˣ - e⁻ˣ) / 2.
    static func sinh(_ x: Self) -> Self
    /// (eˣ + e⁻ˣ) / 2.
    static func cosh(_ x: Self) -> Self
    /// sinh x / cosh x.
    static func tanh(_ x: Self) -> Self
    /// The number whose hyperbolic sine is `x`.
    static func asinh(_ x: Self) -> Self
    /// The number from 0 on whose hyperbolic cosine is `x`; NaN below 1.
    static func acosh(_ x: Self) -> Self
    /// The number whose hyperbolic tangent is `x`; NaN outside [-1, 1].
    static func atanh(_ x: Self) -> Self
    /// The error function, 2/√π ∫₀ˣ exp(-t²) dt (DLMF 7.2.1).
    static func erf(_ x: Self) -> Self
    /// 1 - erf x, without the loss of digits for large `x` (DLMF 7.2.2).
    static func erfc(_ x: Self) -> Self
    /// log |Γ(x)| (DLMF 5.2.1).
    static func lgamma(_ x: Self) -> Self
    /// xʸ; NaN for a negative `x` and a `y` that is not whole.
    static func pow(_ x: Self, _ y: Self) -> Self
    /// The angle of the point (x, y), of [-π, π], in radians.
    static func atan2(_ y: Self, _ x: Self) -> Self
    /// √(x² + y²), without overflow on the way.
    static func hypot(_ x: Self, _ y: Self) -> Self
    /// The rest of x / y, with the sign of `x`.
    static func fmod(_ x: Self, _ y: Self) -> Self
}

extension Float: Real {
    public static func exp(_ x: Float) -> Float { adj_m_expf(x) }
    public static func exp2(_ x: Float) -> Float { adj_m_exp2f(x) }
    public static func expm1(_ x: Float) -> Float { adj_m_expm1f(x) }
    public static func log(_ x: Float) -> Float { adj_m_logf(x) }
    public static func log2(_ x: Float) -> Float { adj_m_log2f(x) }
    public static func log10(_ x: Float) -> Float { adj_m_log10f(x) }
    public static func log1p(_ x: Float) -> Float { adj_m_log1pf(x) }
    public static func sin(_ x: Float) -> Float { adj_m_sinf(x) }
    public static func cos(_ x: Float) -> Float { adj_m_cosf(x) }
    public static func tan(_ x: Float) -> Float { adj_m_tanf(x) }
    public static func asin(_ x: Float) -> Float { adj_m_asinf(x) }
    public static func acos(_ x: Float) -> Float { adj_m_acosf(x) }
    public static func atan(_ x: Float) -> Float { adj_m_atanf(x) }
    public static func sinh(_ x: Float) -> Float { adj_m_sinhf(x) }
    public static func cosh(_ x: Float) -> Float { adj_m_coshf(x) }
    public static func tanh(_ x: Float) -> Float { adj_m_tanhf(x) }
    public static func asinh(_ x: Float) -> Float { adj_m_asinhf(x) }
    public static func acosh(_ x: Float) -> Float { adj_m_acoshf(x) }
    public static func atanh(_ x: Float) -> Float { adj_m_atanhf(x) }
    public static func erf(_ x: Float) -> Float { adj_m_erff(x) }
    public static func erfc(_ x: Float) -> Float { adj_m_erfcf(x) }
    public static func lgamma(_ x: Float) -> Float { adj_m_lgammaf(x) }
    public static func pow(_ x: Float, _ y: Float) -> Float { adj_m_powf(x, y) }
    public static func hypot(_ x: Float, _ y: Float) -> Float { adj_m_hypotf(x, y) }
    public static func fmod(_ x: Float, _ y: Float) -> Float { adj_m_fmodf(x, y) }
    public static func atan2(_ x: Float, _ y: Float) -> Float { adj_m_atan2f(x, y) }
}

extension Double: Real {
    public static func exp(_ x: Double) -> Double { adj_m_exp(x) }
    public static func exp2(_ x: Double) -> Double { adj_m_exp2(x) }
    public static func expm1(_ x: Double) -> Double { adj_m_expm1(x) }
    public static func log(_ x: Double) -> Double { adj_m_log(x) }
    public static func log2(_ x: Double) -> Double { adj_m_log2(x) }
    public static func log10(_ x: Double) -> Double { adj_m_log10(x) }
    public static func log1p(_ x: Double) -> Double { adj_m_log1p(x) }
    public static func sin(_ x: Double) -> Double { adj_m_sin(x) }
    public static func cos(_ x: Double) -> Double { adj_m_cos(x) }
    public static func tan(_ x: Double) -> Double { adj_m_tan(x) }
    public static func asin(_ x: Double) -> Double { adj_m_asin(x) }
    public static func acos(_ x: Double) -> Double { adj_m_acos(x) }
    public static func atan(_ x: Double) -> Double { adj_m_atan(x) }
    public static func sinh(_ x: Double) -> Double { adj_m_sinh(x) }
    public static func cosh(_ x: Double) -> Double { adj_m_cosh(x) }
    public static func tanh(_ x: Double) -> Double { adj_m_tanh(x) }
    public static func asinh(_ x: Double) -> Double { adj_m_asinh(x) }
    public static func acosh(_ x: Double) -> Double { adj_m_acosh(x) }
    public static func atanh(_ x: Double) -> Double { adj_m_atanh(x) }
    public static func erf(_ x: Double) -> Double { adj_m_erf(x) }
    public static func erfc(_ x: Double) -> Double { adj_m_erfc(x) }
    public static func lgamma(_ x: Double) -> Double { adj_m_lgamma(x) }
    public static func pow(_ x: Double, _ y: Double) -> Double { adj_m_pow(x, y) }
    public static func hypot(_ x: Double, _ y: Double) -> Double { adj_m_hypot(x, y) }
    public static func fmod(_ x: Double, _ y: Double) -> Double { adj_m_fmod(x, y) }
    public static func atan2(_ x: Double, _ y: Double) -> Double { adj_m_atan2(x, y) }
}
