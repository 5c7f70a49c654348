//===--- vectormath.h - what the mathematical cores stand on ----------------------------------===//
//
// Cores are branch-free functions of one element, written so that the loop vectoriser turns a loop
// over them into vector code. Contraction is off and every fused step is explicit, so that each
// clone and each optimisation level gives the same bits.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_VECTORMATH_H
#define ADJOINT_VECTORMATH_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define ADJ_INLINE static inline __attribute__((always_inline, unused))

/// Iterations are independent, also where an output is exactly an input.
#define ADJ_VECTOR_LOOP _Pragma("clang loop vectorize(assume_safety)")

// The elementwise builtins never touch errno, which would keep a loop scalar.
#define adj_fma(a, b, c) __builtin_elementwise_fma(a, b, c)
#define adj_sqrt(x) __builtin_elementwise_sqrt(x)
#define adj_rint(x) __builtin_elementwise_roundeven(x)
#define adj_abs(x) __builtin_elementwise_abs(x)
#define adj_copysign(x, s) __builtin_elementwise_copysign(x, s)

ADJ_INLINE uint32_t adj_bits_f32(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

ADJ_INLINE float adj_from_bits_f32(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

ADJ_INLINE uint64_t adj_bits_f64(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

ADJ_INLINE double adj_from_bits_f64(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// 2ⁿ for -126 <= n <= 127.
ADJ_INLINE float adj_pow2_f32(int32_t n) { return adj_from_bits_f32((uint32_t)(n + 127) << 23); }

/// 2ⁿ for -1022 <= n <= 1023.
ADJ_INLINE double adj_pow2_f64(int64_t n) { return adj_from_bits_f64((uint64_t)(n + 1023) << 52); }

/// c[0] + c[1] x + ... by Horner's rule; `count` is constant at every use.
ADJ_INLINE float adj_horner_f32(float x, const float *c, int count) {
    float p = c[count - 1];
#pragma clang loop unroll(full)
    for (int i = count - 2; i >= 0; i--) p = adj_fma(p, x, c[i]);
    return p;
}

ADJ_INLINE double adj_horner_f64(double x, const double *c, int count) {
    double p = c[count - 1];
#pragma clang loop unroll(full)
    for (int i = count - 2; i >= 0; i--) p = adj_fma(p, x, c[i]);
    return p;
}

#define ADJ_POLY_F32(x, c) adj_horner_f32(x, c, (int)(sizeof(c) / sizeof((c)[0])))
#define ADJ_POLY_F64(x, c) adj_horner_f64(x, c, (int)(sizeof(c) / sizeof((c)[0])))

/// x rem π/2 in [-π/4, π/4] as high + low, and the number of the quadrant, for finite |x| >= 2¹⁹.
void adj_reduce_large_angle(double x, double *high, double *low, int64_t *quadrant);

#endif
