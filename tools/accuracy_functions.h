// The functions that accuracy.c measures, and what is exact for each, in double.

#ifndef ACCURACY_FUNCTIONS_H
#define ACCURACY_FUNCTIONS_H

#include <math.h>
#include <stddef.h>

typedef void (*Unary)(const float *, float *, ptrdiff_t);
typedef void (*Slope)(const float *, ptrdiff_t, const float *, float *, ptrdiff_t);
typedef void (*Binary)(const float *, ptrdiff_t, const float *, ptrdiff_t, float *, ptrdiff_t,
                       ptrdiff_t);

// The clones of a function, by the names that the compiler gives them.
#define V4 ".arch_x86-64-v4.0"
#define V3 ".arch_x86-64-v3.1"
#define V1 ".default.2"
#if defined(__x86_64__) && defined(__ELF__)
#define PATHS 3
#define UNARY(NAME)                                                                                \
    void NAME##_v4(const float *, float *, ptrdiff_t) __asm__("adj_" #NAME "_f32" V4);             \
    void NAME##_v3(const float *, float *, ptrdiff_t) __asm__("adj_" #NAME "_f32" V3);             \
    void NAME##_v1(const float *, float *, ptrdiff_t) __asm__("adj_" #NAME "_f32" V1);
#define SLOPE_OF(NAME, LEVEL, LABEL)                                                               \
    void NAME##_slope_##LEVEL(const float *, ptrdiff_t, const float *, float *, ptrdiff_t)         \
        __asm__("adj_" #NAME "_backward_f32" LABEL);
#define SLOPE(NAME, LOW, HIGH) SLOPE_OF(NAME, v4, V4) SLOPE_OF(NAME, v3, V3) SLOPE_OF(NAME, v1, V1)
#define BINARY_OF(NAME, LEVEL, LABEL)                                                              \
    void NAME##_##LEVEL(const float *, ptrdiff_t, const float *, ptrdiff_t, float *, ptrdiff_t,    \
                        ptrdiff_t) __asm__("adj_" #NAME "_f32" LABEL);
#define BINARY(NAME) BINARY_OF(NAME, v4, V4) BINARY_OF(NAME, v3, V3) BINARY_OF(NAME, v1, V1)
#define ALL(NAME) {NAME##_v4, NAME##_v3, NAME##_v1}
#define ALL_SLOPES(NAME) {NAME##_slope_v4, NAME##_slope_v3, NAME##_slope_v1}
static const char *const pathNames[] = {"AVX-512", "AVX2", "baseline"};
static int has(int path) {
    return path == 2 || (path == 1 ? __builtin_cpu_supports("x86-64-v3")
                                   : __builtin_cpu_supports("x86-64-v4"));
}
#else
#include "adjoint_pointwise.h"
#define PATHS 1
#define UNARY(NAME)
#define SLOPE(NAME, LOW, HIGH)
#define BINARY(NAME)
#define ALL(NAME) {adj_##NAME##_f32}
#define ALL_SLOPES(NAME) {adj_##NAME##_backward_f32}
static const char *const pathNames[] = {"plain C"};
static int has(int path) { return path == 0; }
#endif

#define FUNCTIONS(F)                                                                               \
    F(exp) F(expm1) F(exp2) F(log) F(log1p) F(log2) F(log10) F(tanh) F(sigmoid) F(logsigmoid)      \
    F(softplus) F(erf) F(erfc) F(gelu) F(gelu_tanh) F(silu) F(mish) F(sin) F(cos) F(tan) F(sqrt)   \
    F(rsqrt) F(reciprocal) F(square) F(abs) F(neg) F(relu) F(floor) F(ceil) F(round) F(trunc)      \
    F(sign)
// With where the derivative has a zero.
#define SLOPES(F)                                                                                  \
    F(gelu, -1, -0.5f) F(gelu_tanh, -1, -0.5f) F(silu, -1.5f, -1) F(mish, -1.4f, -0.9f)            \
    F(softplus, 1, 0) F(logsigmoid, 1, 0) F(erf, 1, 0)
FUNCTIONS(UNARY)
SLOPES(SLOPE)
BINARY(pow)
BINARY(atan2)

// What is exact. The C library's own functions have their names.
static double f_exp(double x) { return exp(x); }
static double f_expm1(double x) { return expm1(x); }
static double f_exp2(double x) { return exp2(x); }
static double f_log(double x) { return log(x); }
static double f_log1p(double x) { return log1p(x); }
static double f_log2(double x) { return log2(x); }
static double f_log10(double x) { return log10(x); }
static double f_tanh(double x) { return tanh(x); }
static double f_sigmoid(double x) {
    double e = exp(-fabs(x));
    return (x < 0 ? e : 1) / (1 + e);
}
static double f_logsigmoid(double x) { return (x < 0 ? x : -0.0) - log1p(exp(-fabs(x))); }
static double f_softplus(double x) { return x > 20 ? x : log1p(exp(x)); }
static double f_erf(double x) { return erf(x); }
static double f_erfc(double x) { return erfc(x); }
static double f_gelu(double x) { return x * (0.5 * erfc(x * -0.70710678118654752440)); }
static double gelu_argument(double x) {
    return 1.5957691216057307117 * (x + 0.044715 * (x * x * x));
}
static double f_gelu_tanh(double x) { return x * f_sigmoid(gelu_argument(x)); }
static double f_silu(double x) { return x * f_sigmoid(x); }
static double f_mish(double x) {
    double e = exp(x > 40 ? 40 : x), w = e * (e + 2);
    return x * (w / (w + 2));
}
static double f_sin(double x) { return sin(x); }
static double f_cos(double x) { return cos(x); }
static double f_tan(double x) { return tan(x); }
static double f_sqrt(double x) { return sqrt(x); }
static double f_rsqrt(double x) { return 1 / sqrt(x); }
static double f_reciprocal(double x) { return 1 / x; }
static double f_square(double x) { return x * x; }
static double f_abs(double x) { return fabs(x); }
static double f_neg(double x) { return -x; }
static double f_relu(double x) { return x <= 0 ? 0 : x; }
static double f_floor(double x) { return floor(x); }
static double f_ceil(double x) { return ceil(x); }
static double f_round(double x) { return nearbyint(x); }
static double f_trunc(double x) { return trunc(x); }
static double f_sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

static double d_gelu(double x) {
    double density = 0.39894228040143267794 * exp(-x * x / 2);
    return 0.5 * erfc(x * -0.70710678118654752440) + x * density;
}
static double d_gelu_tanh(double x) {
    double u = gelu_argument(x), s = f_sigmoid(u);
    double slope = 1.5957691216057307117 * (1 + 3 * 0.044715 * x * x);
    return s + x * s * f_sigmoid(-u) * slope;
}
static double d_silu(double x) { return f_sigmoid(x) * (1 + x * f_sigmoid(-x)); }
static double d_mish(double x) {
    double e = exp(x > 40 ? 40 : x), w = e * (e + 2), r = 1 / (w + 2);
    return w * r + (x > 40 ? 40 : x) * (4 * e * (e + 1) * r * r);
}
static double d_softplus(double x) { return x > 20 ? 1 : f_sigmoid(x); }
static double d_logsigmoid(double x) { return f_sigmoid(-x); }
static double d_erf(double x) { return 1.1283791670955125739 * exp(-x * x); }

static const struct {
    const char *name;
    Unary kernels[PATHS];
    double (*exact)(double);
} functions[] = {
#define ROW(NAME) {#NAME, ALL(NAME), f_##NAME},
    FUNCTIONS(ROW)
};
static const struct {
    const char *name;
    Slope kernels[PATHS];
    double (*exact)(double);
    float zero[2];
} slopes[] = {
#define SLOPE_ROW(NAME, LOW, HIGH) {#NAME "'", ALL_SLOPES(NAME), d_##NAME, {LOW, HIGH}},
    SLOPES(SLOPE_ROW)
};
static const struct {
    const char *name;
    Binary kernels[PATHS];
    double (*exact)(double, double);
} pairs[] = {{"pow", ALL(pow), pow}, {"atan2", ALL(atan2), atan2}};

#endif
