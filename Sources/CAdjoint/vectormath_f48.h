//===--- vectormath_f48.h - cores of float32 in double ----------------------------------------===//
//
// Where float32 alone would lose digits (tails, cancellation, products of logarithms), the core
// works in double with polynomials of about 10⁻¹⁰, and the result is rounded once.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_VECTORMATH_F48_H
#define ADJOINT_VECTORMATH_F48_H

#include "vectormath.h"

// (e^r - 1 - r) / r² on |r| <= log(2) / 2; absolute error 2.7e-11.
static const double adj_exp_c48[] = {
    0x1.0000000000000p-1, 0x1.555555675e3d0p-3, 0x1.5555555c8b81bp-5, 0x1.1110c613ed8f1p-7,
    0x1.6c168572ec67ep-10, 0x1.a151b9b9f9468p-13, 0x1.a113532aeb65bp-16,
};
// log(1 + f) / f on √½ - 1 <= f <= √2 - 1; absolute error 3.5e-12.
static const double adj_log_c48[] = {
    0x1.fffffffffbcafp-1, -0x1.fffffffecae1fp-2, 0x1.5555556e75418p-2, -0x1.0000015fe2c30p-2,
    0x1.999982ba46a4cp-3, -0x1.5554686631508p-3, 0x1.2495b401be313p-3, -0x1.0022d136f98bfp-3,
    0x1.c6c7455aa97bcp-4, -0x1.94a47c7be8485p-4, 0x1.72df57e582ec6p-4, -0x1.7eaf4ab612d37p-4,
    0x1.74512ec75257bp-4, -0x1.827ac91788b85p-5,
};
// (1 + 2x) exp(x²) erfc(x) in t = (x - 2) / (x + 2), -1 <= t <= 1; absolute error 5.2e-9.
static const double adj_erfcx_c48[] = {
    0x1.46e80e2277953p+0, -0x1.7bf5da2a734e1p-4, -0x1.5407bde5c6098p-3, 0x1.4ff9211fadbdfp-3,
    -0x1.bc2bf8bbeba22p-5, -0x1.06c1310739690p-7, 0x1.1de0afdc52e78p-7, 0x1.3ef10a0feceebp-10,
    -0x1.7fa69b0af24d9p-10, -0x1.768735df2755ap-12, 0x1.cfb115ff736f0p-13, 0x1.08a94ee81cd4fp-14,
    -0x1.515f33aa25a12p-16,
};
// erf(√z) / √z on 0 <= z <= 1; absolute error 3.4e-11.
static const double adj_erf_c48[] = {
    0x1.20dd7504045d6p+0, -0x1.81274665754c3p-2, 0x1.ce2f08fec14fdp-4, -0x1.b829c897922e5p-6,
    0x1.562a60ddba6e6p-8, -0x1.bccf664d7f763p-11, 0x1.d887505de3ba6p-14, -0x1.445f47d33d87bp-17,
};
// (sin(√z) / √z - 1) / z on 0 <= z <= (π / 4)²; absolute error 2.9e-11.
static const double adj_sin_c48[] = {
    -0x1.5555555458f67p-3, 0x1.11110de2ddb31p-7, -0x1.a01396fd185c8p-13, 0x1.6db8ab1fea483p-19,
};
// (cos(√z) - 1 + z / 2) / z² on 0 <= z <= (π / 4)²; absolute error 2.4e-12.
static const double adj_cos_c48[] = {
    0x1.55555555011d3p-5, -0x1.6c16bf4cae666p-10, 0x1.a015b96a25cf2p-16, -0x1.2520b9507cc18p-22,
};
// (atan(√z) / √z - 1) / z on 0 <= z <= 1; absolute error 6.4e-11.
static const double adj_atan_c48[] = {
    -0x1.555555543c557p-2, 0x1.9999971f594e7p-3, -0x1.2491d128f2977p-3, 0x1.c70a6be6d4163p-4,
    -0x1.73a719b0b93d9p-4, 0x1.36bfd2210f14ap-4, -0x1.ffb2b9595f5b2p-5, 0x1.837061ab40426p-5,
    -0x1.ea18af61c3e87p-6, 0x1.cd243cc325c05p-7, -0x1.14abab0185470p-8, 0x1.36ecfc48d188bp-11,
};

/// eˣ, with 0 or infinity outside of |x| <= 300, far beyond float32.
ADJ_INLINE double adj_exp48(double exponent) {
    double x = exponent > 300.0 ? 300.0 : exponent;
    x = x < -300.0 ? -300.0 : x;
    const double magic = 0x1.8p52;
    double t = adj_fma(x, 0x1.71547652b82fep+0, magic);
    double k = t - magic;
    int64_t n = (int64_t)(adj_bits_f64(t) - adj_bits_f64(magic));
    double r = adj_fma(k, -0x1.62e42fefa39efp-1, x);
    double p = adj_fma(r * r, ADJ_POLY_F64(r, adj_exp_c48), r);
    double y = (1.0 + p) * adj_pow2_f64(n);
    y = exponent > 300.0 ? (double)INFINITY : y;
    return exponent < -300.0 ? 0.0 : y;
}

/// k and f in x = 2ᵏ (1 + f), √½ <= 1 + f < √2, for a positive normal x.
ADJ_INLINE double adj_log_split48(double x, double *f) {
    uint64_t u = adj_bits_f64(x) - 0x3fe6a09e667f3bcdull;
    *f = adj_from_bits_f64((u & 0xfffffffffffffull) + 0x3fe6a09e667f3bcdull) - 1.0;
    return (double)((int64_t)u >> 52);
}

/// log(1 + f) on the range of `adj_log_split48`.
ADJ_INLINE double adj_log_poly48(double f) { return f * ADJ_POLY_F64(f, adj_log_c48); }

/// log(1 + x) for 0 <= x < 2¹⁰⁰⁰.
ADJ_INLINE double adj_log1p48(double x) {
    double f;
    double k = adj_log_split48(1.0 + x, &f);
    // Not f itself: 1 + x has lost the low digits of x.
    double s = adj_from_bits_f64((uint64_t)(1023 - (int64_t)k) << 52);
    return adj_fma(k, 0x1.62e42fefa39efp-1, adj_log_poly48(adj_fma(x, s, s - 1.0)));
}

/// The ends of every logarithm: `bottom` is where it goes to -infinity.
ADJ_INLINE float adj_log_ends48(float x, float bottom, double y) {
    float r = (float)y;
    r = x > 0x1.fffffep127f ? x : r;
    r = x == bottom ? -INFINITY : r;
    return x >= bottom ? r : NAN;
}

ADJ_INLINE float adj_core_log2_f32(float x) {
    double f;
    double k = adj_log_split48((double)x, &f);
    return adj_log_ends48(x, 0.0f, adj_fma(adj_log_poly48(f), 0x1.71547652b82fep+0, k));
}

ADJ_INLINE float adj_core_log10_f32(float x) {
    double f;
    double k = adj_log_split48((double)x, &f);
    double p = adj_log_poly48(f) * 0x1.bcb7b1526e50ep-2;
    return adj_log_ends48(x, 0.0f, adj_fma(k, 0x1.34413509f79ffp-2, p));
}

ADJ_INLINE float adj_core_log1p_f32(float x) {
    // -0 keeps its sign, which 1 + x would lose.
    float y = adj_log_ends48(x, -1.0f, adj_log1p48((double)x));
    return x == 0.0f ? x : y;
}

ADJ_INLINE float adj_core_softplus_f32(float x) {
    return x > 20.0f ? x : (float)adj_log1p48(adj_exp48((double)x));
}

ADJ_INLINE float adj_core_logsigmoid_f32(float x) {
    // -0, not 0, so that the result keeps its sign where it is too small for a number.
    double low = x < 0.0f ? (double)x : -0.0;
    float y = (float)(low - adj_log1p48(adj_exp48(-(double)adj_abs(x))));
    return x != x ? x : y;
}

/// tanh(log(1 + eˣ)) = w / (w + 2), w = eˣ (eˣ + 2).
ADJ_INLINE double adj_tanh_softplus48(double x) {
    double e = adj_exp48(x > 40.0 ? 40.0 : x);
    double w = e * (e + 2.0);
    return w / (w + 2.0);
}

ADJ_INLINE float adj_core_mish_f32(float x) {
    return (float)((double)x * adj_tanh_softplus48((double)x));
}

ADJ_INLINE double adj_sigmoid48(double x) { return 1.0 / (1.0 + adj_exp48(-x)); }

ADJ_INLINE float adj_core_silu_f32(float x) {
    return (float)((double)x / (1.0 + adj_exp48(-(double)x)));
}

/// erfc(a) for a >= 0.
ADJ_INLINE double adj_erfc_positive48(double a) {
    double e = adj_exp48(-a * a);
    a = a > 30.0 ? 30.0 : a;
    double b = adj_fma(2.0, a, 1.0);
    double reciprocal = 1.0 / ((a + 2.0) * b);
    double t = (a - 2.0) * b * reciprocal;
    return e * (a + 2.0) * reciprocal * ADJ_POLY_F64(t, adj_erfcx_c48);
}

ADJ_INLINE float adj_core_erfc_f32(float x) {
    double q = adj_erfc_positive48((double)adj_abs(x));
    return (float)(x < 0.0f ? 2.0 - q : q);
}

ADJ_INLINE float adj_core_erf_f32(float x) {
    double w = (double)x, a = adj_abs(w);
    double small = w * ADJ_POLY_F64(w * w, adj_erf_c48);
    double large = adj_copysign(1.0 - adj_erfc_positive48(a), w);
    return (float)(a < 1.0 ? small : large);
}

/// 2 √(2/π) (x + 0.044715 x³): gelu_tanh is x sigmoid of it.
ADJ_INLINE double adj_gelu_argument48(double x) {
    return x * adj_fma(0x1.2444f2a4d8b4bp-4, x * x, 0x1.9884533d43651p+0);
}

ADJ_INLINE float adj_core_gelu_tanh_f32(float x) {
    return (float)((double)x * adj_sigmoid48(adj_gelu_argument48((double)x)));
}

/// x rem π/2 for |x| <= 2³⁰.
ADJ_INLINE double adj_angle48(double x, int64_t *quadrant) {
    const double magic = 0x1.8p52;
    double t = adj_fma(x, 0x1.45f306dc9c883p-1, magic);
    double k = t - magic;
    *quadrant = (int64_t)(adj_bits_f64(t) - adj_bits_f64(magic));
    double r = adj_fma(k, -0x1.921fb54442d18p+0, x);
    return adj_fma(k, -0x1.1a62633145c07p-54, r);
}

ADJ_INLINE double adj_sin_poly48(double r) {
    double z = r * r;
    return r * adj_fma(z, ADJ_POLY_F64(z, adj_sin_c48), 1.0);
}

ADJ_INLINE double adj_cos_poly48(double r) {
    double z = r * r;
    return adj_fma(z * z, ADJ_POLY_F64(z, adj_cos_c48), adj_fma(z, -0.5, 1.0));
}

ADJ_INLINE double adj_sin_quadrant48(double r, int64_t q) {
    double y = (q & 1) != 0 ? adj_cos_poly48(r) : adj_sin_poly48(r);
    return (q & 2) != 0 ? -y : y;
}

ADJ_INLINE float adj_tan_quadrant48(double r, int64_t q) {
    double s = adj_sin_poly48(r), c = adj_cos_poly48(r);
    return (float)((q & 1) != 0 ? -c / s : s / c);
}

ADJ_INLINE float adj_core_atan2_f32(float y, float x) {
    double ay = adj_abs((double)y), ax = adj_abs((double)x);
    int swap = ay > ax;
    double num = swap ? ax : ay, den = swap ? ay : ax;
    double q = num / den;
    q = den == 0.0 ? 0.0 : q;
    q = num > 0x1.fffffep127 ? 1.0 : q;
    double z = q * q;
    double r = adj_fma(q * z, ADJ_POLY_F64(z, adj_atan_c48), q);
    r = swap ? 0x1.921fb54442d18p+0 - r : r;
    r = (adj_bits_f32(x) >> 31) != 0 ? 0x1.921fb54442d18p+1 - r : r;
    float result = adj_copysign((float)r, y);
    return x != x || y != y ? x + y : result;
}

ADJ_INLINE float adj_core_pow_f32(float x, float y) {
    double ax = adj_abs((double)x), w = (double)y;
    double f;
    double k = adj_log_split48(ax, &f);
    double p = w * adj_fma(k, 0x1.62e42fefa39efp-1, adj_log_poly48(f));
    float r = (float)adj_exp48(p);
    float ay = adj_abs(y);
    int integer = adj_rint(y) == y;
    int odd = integer & (adj_rint(0.5f * y) != 0.5f * y);
    float grows = y > 0.0f ? INFINITY : 0.0f, shrinks = y > 0.0f ? 0.0f : INFINITY;
    r = ax == 0.0 ? shrinks : r;
    r = ax > 0x1.fffffep127 ? grows : r;
    float at_infinity = ax == 1.0 ? 1.0f : (ax > 1.0 ? grows : shrinks);
    r = ay > 0x1.fffffep127f ? at_infinity : r;
    r = (odd & ((adj_bits_f32(x) >> 31) != 0)) ? -r : r;
    r = ((x < 0.0f) & (ax <= 0x1.fffffep127) & !integer) ? NAN : r;
    r = ((x != x) | (y != y)) ? x + y : r;
    return ((y == 0.0f) | (x == 1.0f)) ? 1.0f : r;
}

#endif
