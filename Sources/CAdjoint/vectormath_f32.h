//===--- vectormath_f32.h - cores of float32 in float32 ---------------------------------------===//
//
// Coefficients interpolate in Chebyshev's nodes, computed with 60 digits.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_VECTORMATH_F32_H
#define ADJOINT_VECTORMATH_F32_H

#include "vectormath.h"

// (e^r - 1 - r) / r² on |r| <= log(2) / 2; absolute error 6.5e-8.
static const float adj_exp_c32[] = {
    0x1.0000000000000p-1f, 0x1.5554dc0000000p-3f, 0x1.55551a0000000p-5f, 0x1.120ba20000000p-7f,
    0x1.6d113c0000000p-10f,
};
// (log(1 + f) - f + f² / 2) / f³ on √½ - 1 <= f <= √2 - 1; absolute error 3.0e-8.
static const float adj_log_c32[] = {
    0x1.5555540000000p-2f, -0x1.fffffc0000000p-3f, 0x1.999d5a0000000p-3f, -0x1.555b4a0000000p-3f,
    0x1.23d2180000000p-3f, -0x1.fcf4c20000000p-4f, 0x1.dea28c0000000p-4f, -0x1.d635e40000000p-4f,
    0x1.1d8ebe0000000p-4f,
};
// Φ(-a) exp(a²/2) (1 + 0.345 a) in v = a / (1 + 0.345 a) on 0 <= a <= 14.5; minimax, relative error
// 2.3e-8. With 0.345 the first coefficient is 1/2, and the others fall off so fast that Horner's
// rule adds next to no error.
static const float adj_mills_c32[] = {
    0x1.0000000000000p-1f, -0x1.cfc0bc0000000p-3f, 0x1.18756e0000000p-5f, 0x1.fcd8b00000000p-9f,
    -0x1.06b7940000000p-10f, -0x1.cd21720000000p-14f, -0x1.5232380000000p-14f,
    0x1.8b566c0000000p-15f, -0x1.7b475c0000000p-18f,
};

/// x = n log(2) + r with |r| <= log(2) / 2, for |x| < 2²⁰.
ADJ_INLINE float adj_exp_reduce_f32(float x, int32_t *n) {
    const float magic = 0x1.8p23f;
    float t = adj_fma(x, 0x1.715476p+0f, magic);
    float k = t - magic;
    *n = (int32_t)(adj_bits_f32(t) - adj_bits_f32(magic));
    float r = adj_fma(k, -0x1.62ep-1f, x);
    return adj_fma(k, -0x1.0bfbe8p-15f, r);
}

/// e^r - 1.
ADJ_INLINE float adj_expm1_poly_f32(float r) {
    return adj_fma(r * r, ADJ_POLY_F32(r, adj_exp_c32), r);
}

/// p 2ⁿ for -252 <= n <= 254, with one rounding at the end where the result is subnormal.
ADJ_INLINE float adj_scale_f32(float p, int32_t n) {
    int32_t half = n >> 1;
    return p * adj_pow2_f32(half) * adj_pow2_f32((int32_t)((uint32_t)n - (uint32_t)half));
}

ADJ_INLINE float adj_core_exp_f32(float x) {
    x = x > 89.0f ? 89.0f : x;
    x = x < -104.0f ? -104.0f : x;
    int32_t n;
    float r = adj_exp_reduce_f32(x, &n);
    return adj_scale_f32(1.0f + adj_expm1_poly_f32(r), n);
}

/// Up to here eˣ and e⁻ˣ are normal numbers, with room for a factor of 2.
#define ADJ_EXP_NEAR_F32 86.0f

/// eˣ for |x| <= ADJ_EXP_NEAR_F32, the same bits for less: n is added to the exponent.
ADJ_INLINE float adj_core_exp_near_f32(float x) {
    int32_t n;
    float r = adj_exp_reduce_f32(x, &n);
    float p = 1.0f + adj_expm1_poly_f32(r);
    return adj_from_bits_f32(adj_bits_f32(p) + ((uint32_t)n << 23));
}

/// The same for -152 <= n <= 0, for less.
ADJ_INLINE float adj_scale_down_f32(float p, int32_t n) {
    return p * adj_pow2_f32(n + 64) * 0x1p-64f;
}

/// eˣ for x <= 0, the same bits for less.
ADJ_INLINE float adj_core_exp_below_f32(float x) {
    x = x < -104.0f ? -104.0f : x;
    int32_t n;
    float r = adj_exp_reduce_f32(x, &n);
    return adj_scale_down_f32(1.0f + adj_expm1_poly_f32(r), n);
}

/// exp(-a²/2) = m 2ⁿ for 0 <= a <= 14.5.
ADJ_INLINE float adj_bell_f32(float a, int32_t *n) {
    float square = a * a;
    float r = adj_exp_reduce_f32(-0.5f * square, n);
    // What rounding the square lost would be multiplied by a² in the tail.
    r = adj_fma(-0.5f, adj_fma(a, a, -square), r);
    return 1.0f + adj_expm1_poly_f32(r);
}

/// x Φ(x) = max(x, 0) - a Φ(-a) with a = |x|, so that the lower tail keeps its digits.
ADJ_INLINE float adj_core_gelu_f32(float x) {
    float a = adj_abs(x);
    a = a > 14.5f ? 14.5f : a;
    int32_t n;
    float m = adj_bell_f32(a, &n);
    float v = a * (1.0f / adj_fma(0.345f, a, 1.0f));
    float tail = adj_scale_down_f32(v * (m * ADJ_POLY_F32(v, adj_mills_c32)), n);
    // 0 x is -0 below zero, as x Φ(x) is, and NaN at -infinity.
    return (x < 0.0f ? x * 0.0f : x) - tail;
}

/// Φ(x) + x φ(x): with a = |x|, s = Φ(-a) - a φ(a) below zero, and 1 - s above.
ADJ_INLINE float adj_gelu_slope_f32(float x) {
    float a = adj_abs(x);
    a = a > 14.5f ? 14.5f : a;
    int32_t n;
    float m = adj_bell_f32(a, &n);
    float t = 1.0f / adj_fma(0.345f, a, 1.0f);
    float ratio = t * ADJ_POLY_F32(a * t, adj_mills_c32);
    float s = adj_scale_down_f32(m * adj_fma(a, -0x1.988454p-2f, ratio), n);
    // NaN at the infinities, where x φ(x) is.
    return adj_fma(x, 0.0f, x < 0.0f ? s : 1.0f - s);
}

ADJ_INLINE float adj_core_exp2_f32(float x) {
    x = x > 129.0f ? 129.0f : x;
    x = x < -151.0f ? -151.0f : x;
    const float magic = 0x1.8p23f;
    float t = x + magic;
    int32_t n = (int32_t)(adj_bits_f32(t) - adj_bits_f32(magic));
    float r = (x - (t - magic)) * 0x1.62e43p-1f;
    return adj_scale_f32(1.0f + adj_expm1_poly_f32(r), n);
}

ADJ_INLINE float adj_core_expm1_f32(float x) {
    float c = x > 89.0f ? 89.0f : x;
    c = c < -18.0f ? -18.0f : c;
    int32_t n;
    float r = adj_exp_reduce_f32(c, &n);
    float p = adj_expm1_poly_f32(r);
    // Half of the scale, since 2¹²⁸ does not exist.
    float s = adj_pow2_f32(n - 1);
    return adj_copysign(2.0f * adj_fma(s, p, s - 0.5f), x);
}

ADJ_INLINE float adj_core_log_f32(float x) {
    int tiny = x < 0x1p-126f;
    float scaled = tiny ? x * 0x1p23f : x;
    uint32_t u = adj_bits_f32(scaled) - 0x3f3504f3u;
    float k = (float)((int32_t)u >> 23) - (tiny ? 23.0f : 0.0f);
    float f = adj_from_bits_f32((u & 0x7fffffu) + 0x3f3504f3u) - 1.0f;
    float z = f * f;
    float p = f * z * ADJ_POLY_F32(f, adj_log_c32);
    p = adj_fma(k, 0x1.7f7d1cp-20f, p);
    p = adj_fma(-0.5f, z, p);
    float y = adj_fma(k, 0x1.62e4p-1f, f + p);
    y = x > 0x1.fffffep127f ? x : y;
    y = x == 0.0f ? -INFINITY : y;
    return x >= 0.0f ? y : NAN;
}

/// e / (e + 2) with e = exp(2a) - 1 and a = |x|, which keeps the digits near 0.
ADJ_INLINE float adj_core_tanh_f32(float x) {
    float a = adj_abs(x);
    int32_t n;
    float r = adj_exp_reduce_f32(2.0f * (a > 10.0f ? 10.0f : a), &n);
    float s = adj_pow2_f32(n);
    float e = adj_fma(s, adj_expm1_poly_f32(r), s - 1.0f);
    return adj_copysign(e / (e + 2.0f), x);
}

ADJ_INLINE float adj_core_sigmoid_f32(float x) {
    float e = adj_core_exp_below_f32(-adj_abs(x));
    float top = x < 0.0f ? e : 1.0f;
    return top / (1.0f + e);
}

#endif
