//===--- vectormath_f64.h - cores of double ---------------------------------------------------===//
//
// Coefficients interpolate in Chebyshev's nodes, computed with 60 digits. A pair (high, low) is a
// number of about 106 bits.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_VECTORMATH_F64_H
#define ADJOINT_VECTORMATH_F64_H

#include "vectormath.h"

// (e^r - 1 - r) / r² on |r| <= log(2) / 2; absolute error 1.1e-16.
static const double adj_exp_c64[] = {
    0x1.0000000000001p-1, 0x1.5555555555556p-3, 0x1.5555555553d4fp-5, 0x1.11111111109adp-7,
    0x1.6c16c17893833p-10, 0x1.a01a01a7c8d47p-13, 0x1.a019b8ef67c6cp-16, 0x1.71de0d9c145d0p-19,
    0x1.2891a8c1d838dp-22, 0x1.af38d53857513p-26,
};
// (2 atanh(√z) / √z - 2) / z on 0 <= z <= (3 - √8)²; absolute error 3.1e-16.
static const double adj_log_c64[] = {
    0x1.5555555555558p-1, 0x1.99999999952b2p-2, 0x1.2492492df6947p-2, 0x1.c71c62debf86bp-3,
    0x1.7462b69705382p-3, 0x1.39fe208c33457p-3, 0x1.2b5b5fb2eac92p-3,
};
// ((atanh(√z) / √z - 1) / z - 1/3) / z on 0 <= z <= (3 - √8)²; absolute error 1.4e-16.
static const double adj_logt_c64[] = {
    0x1.999999999999ep-3, 0x1.249249248e511p-3, 0x1.c71c71d7ef489p-4, 0x1.745d09ebc663ep-4,
    0x1.3b18ba4163286p-4, 0x1.10188237ff7e4p-4, 0x1.087aabe253d9cp-4,
};
// (tanh(√z) / √z - 1) / z on 0 <= z <= 0.55²; absolute error 2.2e-19.
static const double adj_tanh_c64[] = {
    -0x1.5555555555555p-2, 0x1.1111111111109p-3, -0x1.ba1ba1ba1a732p-5, 0x1.664f48822e9a5p-6,
    -0x1.226e3539b9272p-7, 0x1.d6d3c60009e9cp-9, -0x1.7da25da5066b5p-10, 0x1.3547bfaa42508p-11,
    -0x1.f41d11ba745a0p-13, 0x1.8c93b7d5aba25p-14, -0x1.1adede7706052p-15, 0x1.08378067f032ap-17,
};
// (1 + 2x) exp(x²) erfc(x) in t = (x - 4) / (x + 4), -1 <= t <= 1; absolute error 1.0e-17.
static const double adj_erfcx_c64[] = {
    0x1.3ba5916e9fd7fp+0, -0x1.1df1ad154a286p-3, 0x1.f7f5df66fd797p-7, 0x1.16ecefcfa4d10p-4,
    -0x1.9ddb23c3e8f13p-4, 0x1.7fee004e1eefep-4, -0x1.0fb06dfe4c6c0p-4, 0x1.3079edf5181dfp-5,
    -0x1.09623884747dbp-6, 0x1.49c672e199469p-8, -0x1.8d4a9a6465372p-11, -0x1.a1df5e81f57b4p-13,
    0x1.3be0432bfa860p-13, -0x1.99537515467bep-16, -0x1.7884d2487d5efp-17, 0x1.7ef644c7815aap-18,
    0x1.393f4d359a7fdp-22, -0x1.b8ce493292da5p-21, 0x1.4dcd6b6d85452p-24, 0x1.c8a212189b424p-24,
    -0x1.64110b1736fb3p-26, -0x1.a7f4a11380e73p-27, 0x1.bc41def3d5cc5p-29, 0x1.ff247156a53a2p-31,
    -0x1.2feb115e10ff8p-32,
};
// erf(√z) / √z on 0 <= z <= 1; absolute error 2.2e-21.
static const double adj_erf_c64[] = {
    0x1.20dd750429b6dp+0, -0x1.812746b0379e7p-2, 0x1.ce2f21a042bdep-4, -0x1.b82ce312889bap-6,
    0x1.565bcd0e6502dp-8, -0x1.c02db3feeb579p-11, 0x1.f9a326c233146p-14, -0x1.f4d2561aeafd4p-17,
    0x1.b9e6509b9867dp-20, -0x1.5f6d925a0bc7ap-23, 0x1.fc4356498c2d9p-27, -0x1.4e607b41a6416p-30,
    0x1.7f072188e194dp-34, -0x1.29b9f1b3df556p-38,
};
// (sin(√z) / √z - 1) / z on 0 <= z <= (π / 4)²; absolute error 2.1e-17.
static const double adj_sin_c64[] = {
    -0x1.5555555555555p-3, 0x1.1111111110b8fp-7, -0x1.a01a019e7b518p-13, 0x1.71de378bbd711p-19,
    -0x1.ae5fffc91a3e2p-26, 0x1.5e0711724951fp-33,
};
// (cos(√z) - 1 + z / 2) / z² on 0 <= z <= (π / 4)²; absolute error 1.3e-18.
static const double adj_cos_c64[] = {
    0x1.5555555555555p-5, -0x1.6c16c16c16955p-10, 0x1.a01a019f4a826p-16, -0x1.27e4fa1272706p-22,
    0x1.1eeb634b132cdp-29, -0x1.907999e6897e2p-37,
};
// (atan(√z) / √z - 1) / z on 0 <= z <= (√2 - 1)²; absolute error 3.2e-17.
static const double adj_atan_c64[] = {
    -0x1.5555555555555p-2, 0x1.999999999934bp-3, -0x1.2492492436180p-3, 0x1.c71c7185386f1p-4,
    -0x1.745d0b27da190p-4, 0x1.3b1262f3a2b5bp-4, -0x1.10fa76aa9b02cp-4, 0x1.dfe637a48099bp-5,
    -0x1.a0993ef875d4ap-5, 0x1.4161b24be475bp-5, -0x1.3a2f1cc1ba3c5p-6,
};

/// x + low = n log(2) + r with |r| <= log(2) / 2, for |x| < 2²⁰.
ADJ_INLINE double adj_exp_reduce_f64(double x, double low, int64_t *n) {
    const double magic = 0x1.8p52;
    double t = adj_fma(x, 0x1.71547652b82fep+0, magic);
    double k = t - magic;
    *n = (int64_t)(adj_bits_f64(t) - adj_bits_f64(magic));
    double r = adj_fma(k, -0x1.62e42fefa39efp-1, x);
    return r + adj_fma(k, -0x1.abc9e3b39803fp-56, low);
}

/// e^r - 1.
ADJ_INLINE double adj_expm1_poly_f64(double r) {
    return adj_fma(r * r, ADJ_POLY_F64(r, adj_exp_c64), r);
}

/// p 2ⁿ for |n| <= 2044, with one rounding at the end where the result is subnormal.
ADJ_INLINE double adj_scale_f64(double p, int64_t n) {
    // Shifted by a multiple of two first: AVX2 has no arithmetic shift of 64 bits.
    int64_t half = (int64_t)((uint64_t)(n + 4096) >> 1) - 2048;
    return p * adj_pow2_f64(half) * adj_pow2_f64((int64_t)((uint64_t)n - (uint64_t)half));
}

/// e to the power x + low, |low| much smaller than 1, as a product of two normal numbers: what is
/// to be multiplied by it keeps its digits where the power alone would be subnormal.
ADJ_INLINE double adj_exp_product_f64(double x, double low, double *factor) {
    low = adj_abs(x) < 800.0 ? low : 0.0;
    int vanishes = x < -800.0;
    x = x > 710.0 ? 710.0 : x;
    x = vanishes ? -800.0 : x;
    int64_t n;
    double r = adj_exp_reduce_f64(x, low, &n);
    int64_t half = (int64_t)((uint64_t)(n + 4096) >> 1) - 2048;
    *factor = adj_pow2_f64((int64_t)((uint64_t)n - (uint64_t)half));
    double part = (1.0 + adj_expm1_poly_f64(r)) * adj_pow2_f64(half);
    return vanishes ? 0.0 : part;
}

/// e to the power x + low, |low| much smaller than 1.
ADJ_INLINE double adj_exp_pair_f64(double x, double low) {
    double factor, part = adj_exp_product_f64(x, low, &factor);
    return part * factor;
}

ADJ_INLINE double adj_core_exp_f64(double x) { return adj_exp_pair_f64(x, 0.0); }

ADJ_INLINE double adj_core_exp2_f64(double x) {
    x = x > 1025.0 ? 1025.0 : x;
    x = x < -1076.0 ? -1076.0 : x;
    const double magic = 0x1.8p52;
    double t = x + magic;
    int64_t n = (int64_t)(adj_bits_f64(t) - adj_bits_f64(magic));
    double f = x - (t - magic);
    double r = f * 0x1.62e42fefa39efp-1;
    double low = adj_fma(f, 0x1.62e42fefa39efp-1, -r) + f * 0x1.abc9e3b39803fp-56;
    double p = adj_fma(r * r, ADJ_POLY_F64(r, adj_exp_c64), low);
    return adj_scale_f64(1.0 + (r + p), n);
}

ADJ_INLINE double adj_core_expm1_f64(double x) {
    double c = x > 710.0 ? 710.0 : x;
    c = c < -40.0 ? -40.0 : c;
    int64_t n;
    double r = adj_exp_reduce_f64(c, 0.0, &n);
    double p = adj_expm1_poly_f64(r);
    // Half of the scale, since 2¹⁰²⁴ does not exist.
    double s = adj_pow2_f64(n - 1);
    return adj_copysign(2.0 * adj_fma(s, p, s - 0.5), x);
}

/// k and f in x = 2ᵏ (1 + f), √½ <= 1 + f < √2, for x > 0.
ADJ_INLINE double adj_log_split_f64(double x, double *f) {
    int tiny = x < 0x1p-1022;
    uint64_t u = adj_bits_f64(tiny ? x * 0x1p54 : x) - 0x3fe6a09e667f3bcdull;
    *f = adj_from_bits_f64((u & 0xfffffffffffffull) + 0x3fe6a09e667f3bcdull) - 1.0;
    // Arithmetic shift through an offset, for the sake of AVX2.
    int64_t k = (int64_t)((u + (4096ull << 52)) >> 52);
    k = k >= 2048 ? k - 4096 : k;
    return (double)(int32_t)k - (tiny ? 54.0 : 0.0);
}

/// k log(2) + log(1 + f): log(1 + f) = f - f²/2 + s (f²/2 + R), s = f / (2 + f).
ADJ_INLINE double adj_log_sum_f64(double k, double f) {
    double s = f / (2.0 + f);
    double z = s * s;
    double half = 0.5 * f * f;
    double low = adj_fma(s, adj_fma(z, ADJ_POLY_F64(z, adj_log_c64), half),
                         k * 0x1.9ef35793c7673p-41);
    return adj_fma(k, 0x1.62e42fefa2p-1, f - (half - low));
}

/// The ends of every logarithm: `bottom` is where it goes to -infinity.
ADJ_INLINE double adj_log_ends_f64(double x, double bottom, double y) {
    y = x > 0x1.fffffffffffffp1023 ? x : y;
    y = x == bottom ? -(double)INFINITY : y;
    return x >= bottom ? y : (double)NAN;
}

ADJ_INLINE double adj_core_log_f64(double x) {
    double f;
    double k = adj_log_split_f64(x, &f);
    return adj_log_ends_f64(x, 0.0, adj_log_sum_f64(k, f));
}

/// log(1 + x) for x > -1, finite.
ADJ_INLINE double adj_log1p_sum_f64(double x) {
    double f;
    double k = adj_log_split_f64(1.0 + x, &f);
    // Not f itself: 1 + x has lost the low digits of x. Two steps, since 2⁻¹⁰²⁴ is subnormal.
    int64_t n = (int64_t)(int32_t)k;
    int64_t half = (int64_t)((uint64_t)(n + 4096) >> 1) - 2048;
    double s1 = adj_pow2_f64(-half), s2 = adj_pow2_f64(half - n);
    return adj_log_sum_f64(k, adj_fma(x * s1, s2, s1 * s2 - 1.0));
}

ADJ_INLINE double adj_core_log1p_f64(double x) {
    double y = adj_log_ends_f64(x, -1.0, adj_log1p_sum_f64(x));
    return x == 0.0 ? x : y;
}

/// log(1 + f) as high + low.
ADJ_INLINE double adj_log_pair_f64(double f, double *low) {
    double s = f / (2.0 + f);
    double z = s * s;
    double half = 0.5 * f * f;
    double rest = adj_fma(s, adj_fma(z, ADJ_POLY_F64(z, adj_log_c64), half),
                          -adj_fma(0.5 * f, f, -half));
    double high = f - half;
    rest += (f - high) - half;
    double sum = high + rest;
    *low = rest - (sum - high);
    return sum;
}

ADJ_INLINE double adj_core_log2_f64(double x) {
    double f, low;
    double k = adj_log_split_f64(x, &f);
    double high = adj_log_pair_f64(f, &low);
    double p = high * 0x1.71547652b82fep+0;
    double e = adj_fma(high, 0x1.71547652b82fep+0, -p) + high * 0x1.777d0ffda0d24p-56;
    e += low * 0x1.71547652b82fep+0;
    double t = k + p;
    return adj_log_ends_f64(x, 0.0, t + (((k - t) + p) + e));
}

ADJ_INLINE double adj_core_log10_f64(double x) {
    double f, low;
    double k = adj_log_split_f64(x, &f);
    double high = adj_log_pair_f64(f, &low);
    double p = high * 0x1.bcb7b1526e50ep-2;
    double e = adj_fma(high, 0x1.bcb7b1526e50ep-2, -p) + high * 0x1.95355baaafad3p-57;
    e += adj_fma(low, 0x1.bcb7b1526e50ep-2, k * 0x1.9fef311f12b36p-42);
    double a = k * 0x1.34413509f6p-2;
    double t = a + p;
    return adj_log_ends_f64(x, 0.0, t + (((a - t) + p) + e));
}

ADJ_INLINE double adj_core_tanh_f64(double x) {
    double a = adj_abs(x);
    double z = a * a;
    double small = adj_fma(a * z, ADJ_POLY_F64(z, adj_tanh_c64), a);
    int64_t n;
    double r = adj_exp_reduce_f64(2.0 * (a > 20.0 ? 20.0 : a), 0.0, &n);
    double s = adj_pow2_f64(n);
    double e = adj_fma(s, adj_expm1_poly_f64(r), s);
    double large = 1.0 - 2.0 / (e + 1.0);
    return adj_copysign(a < 0.55 ? small : large, x);
}

ADJ_INLINE double adj_core_sigmoid_f64(double x) {
    double e = adj_core_exp_f64(-adj_abs(x));
    double top = x < 0.0 ? e : 1.0;
    // The quotient is corrected by its remainder, and by what 1 + e lost.
    double d = 1.0 + e, lost = e - (d - 1.0);
    double reciprocal = 1.0 / d;
    double y = top * reciprocal;
    return adj_fma(adj_fma(-y, lost, adj_fma(-y, d, top)), reciprocal, y);
}

ADJ_INLINE double adj_core_softplus_f64(double x) {
    return x > 20.0 ? x : adj_log1p_sum_f64(adj_core_exp_f64(x));
}

ADJ_INLINE double adj_core_logsigmoid_f64(double x) {
    double y = (x < 0.0 ? x : 0.0) - adj_log1p_sum_f64(adj_core_exp_f64(-adj_abs(x)));
    return x != x ? x : y;
}

/// tanh(log(1 + eˣ)) = e (e + 2) / (e (e + 2) + 2), e = eˣ.
ADJ_INLINE double adj_core_mish_f64(double x) {
    double factor, part = adj_exp_product_f64(x > 40.0 ? 40.0 : x, 0.0, &factor);
    double e = part * factor;
    double y = x * part * ((e + 2.0) / adj_fma(e, e + 2.0, 2.0)) * factor;
    return x > 40.0 ? x : y;
}

/// x / (1 + e⁻ˣ) for x >= 0, x eˣ / (1 + eˣ) below.
ADJ_INLINE double adj_core_silu_f64(double x) {
    double factor, part = adj_exp_product_f64(-adj_abs(x), 0.0, &factor);
    double d = 1.0 + part * factor;
    return x * (x < 0.0 ? part : 1.0) / d * (x < 0.0 ? factor : 1.0);
}

/// exp(a²) erfc(a) for a >= 0.
ADJ_INLINE double adj_erfcx_positive_f64(double a) {
    a = a > 0x1p60 ? 0x1p60 : a;
    double t = (a - 4.0) / (a + 4.0);
    return ADJ_POLY_F64(t, adj_erfcx_c64) / adj_fma(2.0, a, 1.0);
}

/// erfc(a) for a >= 0.
ADJ_INLINE double adj_erfc_positive_f64(double a) {
    double square = a * a;
    return adj_exp_pair_f64(-square, -adj_fma(a, a, -square)) * adj_erfcx_positive_f64(a);
}

ADJ_INLINE double adj_erf_small_f64(double x) { return x * ADJ_POLY_F64(x * x, adj_erf_c64); }

ADJ_INLINE double adj_core_erf_f64(double x) {
    double a = adj_abs(x);
    double large = adj_copysign(1.0 - adj_erfc_positive_f64(a), x);
    return a < 1.0 ? adj_erf_small_f64(x) : large;
}

ADJ_INLINE double adj_core_erfc_f64(double x) {
    double q = adj_erfc_positive_f64(adj_abs(x));
    double y = x < 0.0 ? 2.0 - q : q;
    return adj_abs(x) < 0.25 ? 1.0 - adj_erf_small_f64(x) : y;
}

/// Φ(x), the normal distribution function, with all digits in the lower tail.
ADJ_INLINE double adj_normal_cdf_f64(double x) {
    double square = x * x;
    double e = adj_exp_pair_f64(-0.5 * square, -0.5 * adj_fma(x, x, -square));
    double q = 0.5 * e * adj_erfcx_positive_f64(adj_abs(x) * 0x1.6a09e667f3bcdp-1);
    return x < 0.0 ? q : 1.0 - q;
}

ADJ_INLINE double adj_core_gelu_f64(double x) {
    double square = x * x, factor;
    double part = adj_exp_product_f64(-0.5 * square, -0.5 * adj_fma(x, x, -square), &factor);
    double tail = 0.5 * adj_erfcx_positive_f64(adj_abs(x) * 0x1.6a09e667f3bcdp-1);
    double y = x < 0.0 ? x * (part * tail) * factor : x * (1.0 - part * factor * tail);
    double near = x * adj_fma(0.5, adj_erf_small_f64(x * 0x1.6a09e667f3bcdp-1), 0.5);
    return adj_abs(x) < 1.0 ? near : y;
}

/// 2 √(2/π) (x + 0.044715 x³) as high + low: gelu_tanh is x sigmoid of it.
ADJ_INLINE double adj_gelu_argument_f64(double x, double *low) {
    double square = x * x, square_low = adj_fma(x, x, -square);
    double p = square * 0x1.2444f2a4d8b4bp-4;
    double p_low = adj_fma(square, 0x1.2444f2a4d8b4bp-4, -p);
    p_low += square_low * 0x1.2444f2a4d8b4bp-4 - square * 0x1.6c843a29d1c70p-61;
    double w = p + 0x1.9884533d43651p+0;
    double v = w - p;
    double w_low = (p - (w - v)) + (0x1.9884533d43651p+0 - v) + (p_low - 0x1.cbc0d30ebfd15p-54);
    double high = x * w;
    *low = adj_fma(x, w, -high) + x * w_low;
    return high;
}

ADJ_INLINE double adj_core_gelu_tanh_f64(double x) {
    double low;
    double u = adj_gelu_argument_f64(x, &low);
    double factor;
    double part = adj_exp_product_f64(x < 0.0 ? u : -u, x < 0.0 ? low : -low, &factor);
    double d = 1.0 + part * factor;
    return x * ((x < 0.0 ? part : 1.0) / d) * (x < 0.0 ? factor : 1.0);
}

#endif
