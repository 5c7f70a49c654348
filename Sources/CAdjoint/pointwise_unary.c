//===--- pointwise_unary.c - loops over one input ---------------------------------------------===//

#include "adjoint_pointwise.h"
#include "multiversion.h"
#include "vectormath_f32.h"
#include "vectormath_f48.h"
#include "vectormath_f64.h"

#define ADJ_UNARY(NAME, SUFFIX, T, EXPRESSION)                                                     \
    ADJ_MULTIVERSION void adj_##NAME##_##SUFFIX(const T *x, T *y, ptrdiff_t n) {                   \
        ADJ_VECTOR_LOOP                                                                            \
        for (ptrdiff_t i = 0; i < n; i++) {                                                        \
            T v = x[i];                                                                            \
            y[i] = (EXPRESSION);                                                                   \
        }                                                                                          \
    }

/// A function with a core for each type.
#define ADJ_UNARY_CORE(NAME)                                                                       \
    ADJ_UNARY(NAME, f32, float, adj_core_##NAME##_f32(v))                                          \
    ADJ_UNARY(NAME, f64, double, adj_core_##NAME##_f64(v))

/// A function that one expression defines for both types.
#define ADJ_UNARY_BOTH(NAME, EXPRESSION)                                                           \
    ADJ_UNARY(NAME, f32, float, EXPRESSION)                                                        \
    ADJ_UNARY(NAME, f64, double, EXPRESSION)

/// Elements whose range is looked at together.
#define BLOCK 512

ADJ_MULTIVERSION void adj_exp_f32(const float *x, float *y, ptrdiff_t n) {
    for (ptrdiff_t begin = 0; begin < n; begin += BLOCK) {
        ptrdiff_t end = n - begin < BLOCK ? n : begin + BLOCK;
        int far = 0;
        for (ptrdiff_t i = begin; i < end; i++) far |= !(adj_abs(x[i]) <= ADJ_EXP_NEAR_F32);
        if (far) {
            ADJ_VECTOR_LOOP
            for (ptrdiff_t i = begin; i < end; i++) y[i] = adj_core_exp_f32(x[i]);
        } else {
            ADJ_VECTOR_LOOP
            for (ptrdiff_t i = begin; i < end; i++) y[i] = adj_core_exp_near_f32(x[i]);
        }
    }
}
ADJ_UNARY(exp, f64, double, adj_core_exp_f64(v))
ADJ_UNARY_CORE(expm1)
ADJ_UNARY_CORE(exp2)
ADJ_UNARY_CORE(log)
ADJ_UNARY_CORE(log1p)
ADJ_UNARY_CORE(log2)
ADJ_UNARY_CORE(log10)
ADJ_UNARY_CORE(tanh)
ADJ_UNARY_CORE(sigmoid)
ADJ_UNARY_CORE(logsigmoid)
ADJ_UNARY_CORE(softplus)
ADJ_UNARY_CORE(erf)
ADJ_UNARY_CORE(erfc)
ADJ_UNARY_CORE(gelu)
ADJ_UNARY_CORE(gelu_tanh)
ADJ_UNARY_CORE(silu)
ADJ_UNARY_CORE(mish)

ADJ_UNARY_BOTH(sqrt, adj_sqrt(v))
ADJ_UNARY_BOTH(rsqrt, 1 / adj_sqrt(v))
ADJ_UNARY_BOTH(reciprocal, 1 / v)
ADJ_UNARY_BOTH(abs, adj_abs(v))
ADJ_UNARY_BOTH(neg, -v)
ADJ_UNARY_BOTH(square, v * v)
ADJ_UNARY_BOTH(relu, v <= 0 ? 0 : v)
ADJ_UNARY_BOTH(floor, __builtin_elementwise_floor(v))
ADJ_UNARY_BOTH(ceil, __builtin_elementwise_ceil(v))
ADJ_UNARY_BOTH(round, adj_rint(v))
ADJ_UNARY_BOTH(trunc, __builtin_elementwise_trunc(v))
ADJ_UNARY_BOTH(sign, v > 0 ? 1 : (v < 0 ? -1 : 0))
