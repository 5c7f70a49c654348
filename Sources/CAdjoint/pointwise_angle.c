//===--- pointwise_angle.c - sine, cosine, tangent --------------------------------------------===//
//
// Small arguments run through the vector cores; a block that holds a large one, an infinity or a
// NaN goes element by element, through the same cores or through a reduction with 190 bits of 2/π.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_pointwise.h"
#include "multiversion.h"
#include "vectormath_angle.h"
#include "vectormath_f48.h"

/// 64 zero bits, then the first 1280 bits of 2/π after the point.
static const uint64_t two_over_pi[21] = {
    0,
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
    0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
    0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
};

static uint64_t window(int bit) {
    int word = bit / 64, shift = bit % 64;
    uint64_t high = two_over_pi[word] << shift;
    return shift == 0 ? high : high | two_over_pi[word + 1] >> (64 - shift);
}

void adj_reduce_large_angle(double x, double *high, double *low, int64_t *quadrant) {
    // |x| = m 2^e. Bits of 2/π whose product with x is a multiple of 4 are left out; the next 192
    // decide. Their product with m, modulo 2^192, is x (2/π) modulo 4, scaled by 2^190.
    uint64_t bits = adj_bits_f64(x);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1075;
    uint64_t m = (bits & 0xfffffffffffffull) | 1ull << 52;
    int first = exponent - 2 + 64;
    unsigned __int128 p0 = (unsigned __int128)window(first + 128) * m;
    unsigned __int128 p1 = (unsigned __int128)window(first + 64) * m + (uint64_t)(p0 >> 64);
    uint64_t w0 = (uint64_t)p0, w1 = (uint64_t)p1;
    uint64_t w2 = window(first) * m + (uint64_t)(p1 >> 64);
    int64_t q = (int64_t)(w2 >> 62);
    w2 = w2 << 2 | w1 >> 62;
    w1 = w1 << 2 | w0 >> 62;
    w0 = w0 << 2;
    // To the nearest multiple of π/2: the fraction is now in [-1/2, 1/2).
    int flip = (int)(w2 >> 63);
    q += flip;
    if (flip) {
        w0 = ~w0 + 1;
        w1 = ~w1 + (w0 == 0);
        w2 = ~w2 + (w0 == 0 && w1 == 0);
    }
    int shift = 0;
    if (w2 == 0) {
        w2 = w1;
        w1 = w0;
        w0 = 0;
        shift = 64;
    }
    int zeros = w2 == 0 ? 0 : __builtin_clzll(w2);
    if (zeros > 0) {
        w2 = w2 << zeros | w1 >> (64 - zeros);
        w1 = w1 << zeros | w0 >> (64 - zeros);
    }
    double scale = adj_pow2_f64(-shift - zeros);
    double a = (double)(w2 >> 11) * 0x1p-53 * scale;
    double b = (double)((w2 << 53 | w1 >> 11) >> 11) * 0x1p-106 * scale;
    double p = a * 0x1.921fb54442d18p+0;
    double e = adj_fma(a, 0x1.921fb54442d18p+0, -p);
    e += adj_fma(a, 0x1.1a62633145c07p-54, b * 0x1.921fb54442d18p+0);
    double sum = p + e;
    int negative = (int)(bits >> 63);
    double rest = e - (sum - p);
    *high = (negative != flip) ? -sum : sum;
    *low = (negative != flip) ? -rest : rest;
    *quadrant = negative ? -q : q;
}

/// Up to here the vector cores reduce.
#define NEAR_F32 0x1p30f
#define NEAR_F64 0x1p19

ADJ_INLINE float core_sin_f32(double r, double low, int64_t q) {
    return (float)adj_sin_quadrant48(r, q);
}

ADJ_INLINE float core_cos_f32(double r, double low, int64_t q) {
    return (float)adj_sin_quadrant48(r, q + 1);
}

ADJ_INLINE float core_tan_f32(double r, double low, int64_t q) { return adj_tan_quadrant48(r, q); }

ADJ_INLINE double core_sin_f64(double r, double low, int64_t q) {
    return adj_sin_quadrant_f64(r, low, q);
}

ADJ_INLINE double core_cos_f64(double r, double low, int64_t q) {
    return adj_sin_quadrant_f64(r, low, q + 1);
}

ADJ_INLINE double core_tan_f64(double r, double low, int64_t q) {
    return adj_tan_quadrant_f64(r, low, q);
}

ADJ_INLINE double reduce_f32(float x, double *low, int64_t *q) {
    *low = 0.0;
    return adj_angle48((double)x, q);
}

ADJ_INLINE double reduce_f64(double x, double *low, int64_t *q) {
    return adj_angle_f64(x, low, q);
}

#define BLOCK 512

#define ADJ_ANGLE(NAME, SUFFIX, T, NEAR)                                                           \
    ADJ_INLINE T near_##NAME##_##SUFFIX(T x) {                                                     \
        int64_t q;                                                                                 \
        double low, r = reduce_##SUFFIX(x, &low, &q);                                              \
        return core_##NAME##_##SUFFIX(r, low, q);                                                  \
    }                                                                                              \
    static T any_##NAME##_##SUFFIX(T x) {                                                          \
        if (adj_abs(x) <= NEAR) return near_##NAME##_##SUFFIX(x);                                  \
        if (!(adj_abs(x) < (T)INFINITY)) return x - x;                                             \
        int64_t q;                                                                                 \
        double low, r;                                                                             \
        adj_reduce_large_angle((double)x, &r, &low, &q);                                           \
        return core_##NAME##_##SUFFIX(r, low, q);                                                  \
    }                                                                                              \
    ADJ_MULTIVERSION void adj_##NAME##_##SUFFIX(const T *x, T *y, ptrdiff_t n) {                   \
        for (ptrdiff_t begin = 0; begin < n; begin += BLOCK) {                                     \
            ptrdiff_t end = n - begin < BLOCK ? n : begin + BLOCK;                                 \
            int far = 0;                                                                           \
            for (ptrdiff_t i = begin; i < end; i++) far |= !(adj_abs(x[i]) <= NEAR);               \
            if (far) {                                                                             \
                for (ptrdiff_t i = begin; i < end; i++) y[i] = any_##NAME##_##SUFFIX(x[i]);        \
            } else {                                                                               \
                ADJ_VECTOR_LOOP                                                                    \
                for (ptrdiff_t i = begin; i < end; i++) y[i] = near_##NAME##_##SUFFIX(x[i]);       \
            }                                                                                      \
        }                                                                                          \
    }

/// out = SIGN g · NAME(x), through a small buffer, since `out` may be `g` or `x`.
#define ADJ_ANGLE_BACKWARD(NAME, DERIVATIVE, SIGN, SUFFIX, T)                                      \
    ADJ_MULTIVERSION void adj_##NAME##_backward_##SUFFIX(                                          \
        const T *g, ptrdiff_t step, const T *x, T *out, ptrdiff_t n) {                             \
        T slope[BLOCK];                                                                            \
        for (ptrdiff_t begin = 0; begin < n; begin += BLOCK) {                                     \
            ptrdiff_t count = n - begin < BLOCK ? n - begin : BLOCK;                               \
            adj_##DERIVATIVE##_##SUFFIX(x + begin, slope, count);                                  \
            if (step == 0) {                                                                       \
                const T one = *g;                                                                  \
                ADJ_VECTOR_LOOP                                                                    \
                for (ptrdiff_t i = 0; i < count; i++) out[begin + i] = SIGN one * slope[i];        \
                continue;                                                                          \
            }                                                                                      \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < count; i++) out[begin + i] = SIGN g[begin + i] * slope[i];   \
        }                                                                                          \
    }

ADJ_ANGLE(sin, f32, float, NEAR_F32)
ADJ_ANGLE(cos, f32, float, NEAR_F32)
ADJ_ANGLE(tan, f32, float, NEAR_F32)
ADJ_ANGLE(sin, f64, double, NEAR_F64)
ADJ_ANGLE(cos, f64, double, NEAR_F64)
ADJ_ANGLE(tan, f64, double, NEAR_F64)
ADJ_ANGLE_BACKWARD(sin, cos, , f32, float)
ADJ_ANGLE_BACKWARD(cos, sin, -, f32, float)
ADJ_ANGLE_BACKWARD(sin, cos, , f64, double)
ADJ_ANGLE_BACKWARD(cos, sin, -, f64, double)
