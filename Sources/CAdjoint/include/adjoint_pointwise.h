//===--- adjoint_pointwise.h - element-wise loops --------------------------------------------===//
//
// Goals, in order: the same bits in debug and release, on every clone and every number of threads;
// a stated error; speed. Every loop is serial: the caller cuts the work into chunks.
//
// `x == y` (exact aliasing) is allowed everywhere; partial overlap is not. NaN, infinities, signed
// zeros and subnormal numbers follow IEEE 754 and C's Annex F.
//
// Errors, in units in the last place of the correctly rounded result's binade. float32: the largest
// over all 2^32 inputs. float64: the largest seen on dense samples against 113-bit arithmetic.
//              float32  float64                  float32  float64                  float32  float64
//     exp         1.10     1.05      tanh           2.46     1.36      silu           0.51     2.6
//     expm1       1.61     2.2       sigmoid        2.41     1.5       mish           0.51     3.1
//     exp2        1.07     0.93      logsigmoid     0.51     1.6       sin, cos       0.51     0.80
//     log         0.83     0.82      softplus       0.51     1.5       tan            0.51     2.3
//     log1p       0.51     1.4       erf            0.51     1.6       rsqrt          1.50     1.50
//     log2        0.51     0.65      erfc           0.57     3.3       pow            0.51     1.1
//     log10       0.51     0.62      gelu           5.32      4.5      atan2          0.51     2.3
//                                    gelu_tanh      0.51     3.1
//
// gelu has at most 4.25 for x > -4, and the rest in the lower tail, down to Φ = 1e-47. (float32 on
// samples: tan, one input in 331; pow and atan2.) Everything else is exact
// or correctly rounded.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_POINTWISE_H
#define ADJOINT_POINTWISE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Declares `adj_NAME_f32` and `adj_NAME_f64`: `y[i] = NAME(x[i])` for `n` contiguous elements.
#define ADJ_DECLARE_UNARY(NAME)                                                                    \
    void adj_##NAME##_f32(const float *x, float *y, ptrdiff_t n);                                  \
    void adj_##NAME##_f64(const double *x, double *y, ptrdiff_t n);

/// eˣ.
ADJ_DECLARE_UNARY(exp)
/// eˣ - 1, accurate near zero.
ADJ_DECLARE_UNARY(expm1)
/// 2ˣ.
ADJ_DECLARE_UNARY(exp2)
/// The natural logarithm: -infinity at ±0, NaN below.
ADJ_DECLARE_UNARY(log)
/// log(1 + x), accurate near zero.
ADJ_DECLARE_UNARY(log1p)
/// The logarithm to base 2; exact for powers of two.
ADJ_DECLARE_UNARY(log2)
/// The logarithm to base 10.
ADJ_DECLARE_UNARY(log10)
/// The hyperbolic tangent.
ADJ_DECLARE_UNARY(tanh)
/// 1 / (1 + e⁻ˣ), without overflow, accurate in both tails.
ADJ_DECLARE_UNARY(sigmoid)
/// log(1 / (1 + e⁻ˣ)).
ADJ_DECLARE_UNARY(logsigmoid)
/// log(1 + eˣ); x itself above 20, as PyTorch's default threshold has it.
ADJ_DECLARE_UNARY(softplus)
/// The error function.
ADJ_DECLARE_UNARY(erf)
/// 1 - erf(x), accurate in the tail.
ADJ_DECLARE_UNARY(erfc)
/// x Φ(x) with the normal distribution function Φ, accurate in the tail.
ADJ_DECLARE_UNARY(gelu)
/// x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.
ADJ_DECLARE_UNARY(gelu_tanh)
/// x / (1 + e⁻ˣ).
ADJ_DECLARE_UNARY(silu)
/// x tanh(log(1 + eˣ)).
ADJ_DECLARE_UNARY(mish)
/// The square root, correctly rounded.
ADJ_DECLARE_UNARY(sqrt)
/// 1 / √x as two correctly rounded operations.
ADJ_DECLARE_UNARY(rsqrt)
/// 1 / x, correctly rounded.
ADJ_DECLARE_UNARY(reciprocal)
/// The sine, with exact reduction of arguments of any size.
ADJ_DECLARE_UNARY(sin)
/// The cosine, with exact reduction of arguments of any size.
ADJ_DECLARE_UNARY(cos)
/// The tangent, with exact reduction of arguments of any size.
ADJ_DECLARE_UNARY(tan)
/// |x|.
ADJ_DECLARE_UNARY(abs)
/// -x.
ADJ_DECLARE_UNARY(neg)
/// x².
ADJ_DECLARE_UNARY(square)
/// max(x, 0); NaN stays.
ADJ_DECLARE_UNARY(relu)
/// The largest integer not above x.
ADJ_DECLARE_UNARY(floor)
/// The smallest integer not below x.
ADJ_DECLARE_UNARY(ceil)
/// The nearest integer, halves to the even one.
ADJ_DECLARE_UNARY(round)
/// The integer part.
ADJ_DECLARE_UNARY(trunc)
/// -1, 0 or 1; NaN gives 0, as PyTorch has it.
ADJ_DECLARE_UNARY(sign)

/// Declares `out[i] = g[i step] · f'`, with `v` the saved input (x) or output (y) that the rule
/// names. `step` is 1, or 0 where `g` is one number. `out` may be `v`, and `g` where `step` is 1.
#define ADJ_DECLARE_BACKWARD(NAME)                                                                 \
    void adj_##NAME##_backward_f32(const float *g, ptrdiff_t step, const float *v, float *out,     \
                                   ptrdiff_t n);                                                   \
    void adj_##NAME##_backward_f64(const double *g, ptrdiff_t step, const double *v, double *out,  \
                                   ptrdiff_t n);

/// g (1 - y²).
ADJ_DECLARE_BACKWARD(tanh)
/// g y (1 - y).
ADJ_DECLARE_BACKWARD(sigmoid)
/// 0 where y <= 0, else g (also where y is NaN).
ADJ_DECLARE_BACKWARD(relu)
/// g (Φ(x) + x φ(x)).
ADJ_DECLARE_BACKWARD(gelu)
/// g times the derivative of `gelu_tanh` at x.
ADJ_DECLARE_BACKWARD(gelu_tanh)
/// g σ(x) (1 + x (1 - σ(x))).
ADJ_DECLARE_BACKWARD(silu)
/// g times the derivative of `mish` at x.
ADJ_DECLARE_BACKWARD(mish)
/// g σ(x); g above 20.
ADJ_DECLARE_BACKWARD(softplus)
/// g σ(-x).
ADJ_DECLARE_BACKWARD(logsigmoid)
/// g / (2 y).
ADJ_DECLARE_BACKWARD(sqrt)
/// -g y³ / 2.
ADJ_DECLARE_BACKWARD(rsqrt)
/// -g y².
ADJ_DECLARE_BACKWARD(reciprocal)
/// g / x.
ADJ_DECLARE_BACKWARD(log)
/// g / (1 + x).
ADJ_DECLARE_BACKWARD(log1p)
/// g y.
ADJ_DECLARE_BACKWARD(exp)
/// g 2/√π exp(-x²).
ADJ_DECLARE_BACKWARD(erf)
/// g cos(x).
ADJ_DECLARE_BACKWARD(sin)
/// -g sin(x).
ADJ_DECLARE_BACKWARD(cos)
/// 2 g x.
ADJ_DECLARE_BACKWARD(square)
/// g sign(x).
ADJ_DECLARE_BACKWARD(abs)

/// Declares `out[i so] = NAME(a[i sa], b[i sb])`, strides in elements (0 repeats one element).
/// `out` may be `a` or `b` where the strides agree.
#define ADJ_DECLARE_BINARY(NAME, SUFFIX, T)                                                        \
    void adj_##NAME##_##SUFFIX(const T *a, ptrdiff_t sa, const T *b, ptrdiff_t sb, T *out,         \
                               ptrdiff_t so, ptrdiff_t n);
/// Declares `out[i so] = a[i sa] NAME b[i sb]` as 0 or 1.
#define ADJ_DECLARE_COMPARE(NAME, SUFFIX, T)                                                       \
    void adj_##NAME##_##SUFFIX(const T *a, ptrdiff_t sa, const T *b, ptrdiff_t sb, uint8_t *out,   \
                               ptrdiff_t so, ptrdiff_t n);
#define ADJ_DECLARE_COMPARISONS(SUFFIX, T)                                                         \
    ADJ_DECLARE_COMPARE(eq, SUFFIX, T)                                                             \
    ADJ_DECLARE_COMPARE(ne, SUFFIX, T)                                                             \
    ADJ_DECLARE_COMPARE(lt, SUFFIX, T)                                                             \
    ADJ_DECLARE_COMPARE(le, SUFFIX, T)                                                             \
    ADJ_DECLARE_COMPARE(gt, SUFFIX, T)                                                             \
    ADJ_DECLARE_COMPARE(ge, SUFFIX, T)
#define ADJ_DECLARE_ARITHMETIC(SUFFIX, T)                                                          \
    ADJ_DECLARE_BINARY(add, SUFFIX, T)                                                             \
    ADJ_DECLARE_BINARY(sub, SUFFIX, T)                                                             \
    ADJ_DECLARE_BINARY(mul, SUFFIX, T)                                                             \
    ADJ_DECLARE_BINARY(max, SUFFIX, T)                                                             \
    ADJ_DECLARE_BINARY(min, SUFFIX, T)                                                             \
    ADJ_DECLARE_COMPARISONS(SUFFIX, T)

/// Sums, differences, products, extremes (NaN of either side wins) and comparisons. Integers wrap.
ADJ_DECLARE_ARITHMETIC(f32, float)
ADJ_DECLARE_ARITHMETIC(f64, double)
ADJ_DECLARE_ARITHMETIC(i64, int64_t)
ADJ_DECLARE_ARITHMETIC(i32, int32_t)
ADJ_DECLARE_ARITHMETIC(i16, int16_t)
ADJ_DECLARE_ARITHMETIC(i8, int8_t)
ADJ_DECLARE_ARITHMETIC(u8, uint8_t)
/// The quotient of floating-point numbers, correctly rounded.
ADJ_DECLARE_BINARY(div, f32, float)
ADJ_DECLARE_BINARY(div, f64, double)
/// a to the power b, with C's special cases.
ADJ_DECLARE_BINARY(pow, f32, float)
ADJ_DECLARE_BINARY(pow, f64, double)
/// The angle of the point (b, a): `atan2(a, b)`, with C's special cases.
ADJ_DECLARE_BINARY(atan2, f32, float)
ADJ_DECLARE_BINARY(atan2, f64, double)

/// Declares `out[i so] = c[i sc] != 0 ? a[i sa] : b[i sb]` for elements of so many bits.
#define ADJ_DECLARE_WHERE(BITS)                                                                    \
    void adj_where_##BITS(const uint8_t *c, ptrdiff_t sc, const void *a, ptrdiff_t sa,             \
                          const void *b, ptrdiff_t sb, void *out, ptrdiff_t so, ptrdiff_t n);
/// Selection by a mask of bytes. The bits of the elements are moved as they are.
ADJ_DECLARE_WHERE(8)
ADJ_DECLARE_WHERE(16)
ADJ_DECLARE_WHERE(32)
ADJ_DECLARE_WHERE(64)

/// out = α x + β y: β y is rounded, then α x is added in one fused step.
void adj_axpby_f32(float alpha, const float *x, float beta, const float *y, float *out, ptrdiff_t n);
void adj_axpby_f64(double alpha, const double *x, double beta, const double *y, double *out,
                   ptrdiff_t n);
/// out = a + α b, in one fused step.
void adj_add_scaled_f32(const float *a, const float *b, float alpha, float *out, ptrdiff_t n);
void adj_add_scaled_f64(const double *a, const double *b, double alpha, double *out, ptrdiff_t n);
/// y = min(max(x, lo), hi). A NaN in x stays; lo and hi must not be NaN.
void adj_clamp_f32(const float *x, float lo, float hi, float *y, ptrdiff_t n);
void adj_clamp_f64(const double *x, double lo, double hi, double *y, ptrdiff_t n);

#ifdef __cplusplus
}
#endif

#endif
