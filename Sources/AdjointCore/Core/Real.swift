import CAdjoint

/// The floating-point types that arithmetic runs in, with the functions that rooms are written in.
public protocol Real: BinaryFloatingPoint, Sendable {
    static func exp(_ x: Self) -> Self
    static func exp2(_ x: Self) -> Self
    static func expm1(_ x: Self) -> Self
    static func log(_ x: Self) -> Self
    static func log2(_ x: Self) -> Self
    static func log10(_ x: Self) -> Self
    static func log1p(_ x: Self) -> Self
    static func sin(_ x: Self) -> Self
    static func cos(_ x: Self) -> Self
    static func tan(_ x: Self) -> Self
    static func asin(_ x: Self) -> Self
    static func acos(_ x: Self) -> Self
    static func atan(_ x: Self) -> Self
    static func sinh(_ x: Self) -> Self
    static func cosh(_ x: Self) -> Self
    static func tanh(_ x: Self) -> Self
    static func asinh(_ x: Self) -> Self
    static func acosh(_ x: Self) -> Self
    static func atanh(_ x: Self) -> Self
    static func erf(_ x: Self) -> Self
    static func erfc(_ x: Self) -> Self
    static func lgamma(_ x: Self) -> Self
    static func pow(_ x: Self, _ y: Self) -> Self
    static func atan2(_ y: Self, _ x: Self) -> Self
    static func hypot(_ x: Self, _ y: Self) -> Self
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
