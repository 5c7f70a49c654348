//===--- pointwise_backward.c - fused first derivatives ---------------------------------------===//

#include "adjoint_pointwise.h"
#include "multiversion.h"
#include "vectormath_f32.h"
#include "vectormath_f48.h"
#include "vectormath_f64.h"

#define ADJ_BACKWARD(NAME, SUFFIX, T, EXPRESSION)                                                  \
    ADJ_MULTIVERSION void adj_##NAME##_backward_##SUFFIX(                                          \
        const T *cotangent, ptrdiff_t step, const T *saved, T *out, ptrdiff_t n) {                 \
        if (step == 0) {                                                                           \
            const T g = *cotangent;                                                                \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < n; i++) {                                                    \
                T v = saved[i];                                                                    \
                out[i] = (EXPRESSION);                                                             \
            }                                                                                      \
            return;                                                                                \
        }                                                                                          \
        ADJ_VECTOR_LOOP                                                                            \
        for (ptrdiff_t i = 0; i < n; i++) {                                                        \
            T g = cotangent[i], v = saved[i];                                                      \
            out[i] = (EXPRESSION);                                                                 \
        }                                                                                          \
    }

/// A derivative that one expression defines for both types.
#define ADJ_BACKWARD_BOTH(NAME, EXPRESSION)                                                        \
    ADJ_BACKWARD(NAME, f32, float, EXPRESSION)                                                     \
    ADJ_BACKWARD(NAME, f64, double, EXPRESSION)

/// g · slope_NAME(x), a function of each type.
#define ADJ_BACKWARD_SLOPE(NAME)                                                                   \
    ADJ_BACKWARD(NAME, f32, float, (float)((double)g * slope_##NAME##_f32((double)v)))             \
    ADJ_BACKWARD(NAME, f64, double, g *slope_##NAME##_f64(v))

ADJ_BACKWARD_BOTH(tanh, g *adj_fma(-v, v, (__typeof__(v))1))
ADJ_BACKWARD_BOTH(sigmoid, g *v * (1 - v))
ADJ_BACKWARD_BOTH(relu, v <= 0 ? 0 : g)
ADJ_BACKWARD_BOTH(sqrt, g / (2 * v))
ADJ_BACKWARD_BOTH(rsqrt, g *v * (v * v) * (__typeof__(v))-0.5)
ADJ_BACKWARD_BOTH(reciprocal, -g * (v * v))
ADJ_BACKWARD_BOTH(log, g / v)
ADJ_BACKWARD_BOTH(log1p, g / (1 + v))
ADJ_BACKWARD_BOTH(exp, g *v)
ADJ_BACKWARD_BOTH(square, 2 * g * v)
ADJ_BACKWARD_BOTH(abs, g *(v > 0 ? 1 : (v < 0 ? -1 : (__typeof__(v))0)))

ADJ_BACKWARD(softplus, f32, float, v > 20.0f ? g : g * adj_core_sigmoid_f32(v))
ADJ_BACKWARD(softplus, f64, double, v > 20.0 ? g : g * adj_core_sigmoid_f64(v))
ADJ_BACKWARD(logsigmoid, f32, float, g *adj_core_sigmoid_f32(-v))
ADJ_BACKWARD(logsigmoid, f64, double, g *adj_core_sigmoid_f64(-v))

/// Φ(x) + x φ(x), φ(x) = exp(-x²/2) / √(2π).
ADJ_INLINE double slope_gelu_f64(double x) {
    return adj_normal_cdf_f64(x) + x * adj_core_exp_f64(-0.5 * x * x) * 0x1.9884533d43651p-2;
}

/// s + x s (1 - s) u', s = sigmoid(u), u' = 2 √(2/π) (1 + 3 · 0.044715 x²).
ADJ_INLINE double slope_gelu_tanh_f32(double x) {
    double e = adj_exp48(-adj_abs(adj_gelu_argument48(x)));
    double r = 1.0 / (1.0 + e);
    double slope = adj_fma(3 * 0x1.2444f2a4d8b4bp-4, x * x, 0x1.9884533d43651p+0);
    return (x < 0.0 ? e : 1.0) * r + x * (e * r * r) * slope;
}

ADJ_INLINE double slope_gelu_tanh_f64(double x) {
    double low;
    double u = adj_gelu_argument_f64(x, &low);
    double e = adj_exp_pair_f64(x < 0.0 ? u : -u, x < 0.0 ? low : -low);
    double r = 1.0 / (1.0 + e);
    double slope = adj_fma(3 * 0x1.2444f2a4d8b4bp-4, x * x, 0x1.9884533d43651p+0);
    return (x < 0.0 ? e : 1.0) * r + x * (e * r * r) * slope;
}

/// s (1 + x (1 - s)) with s = sigmoid(x); 1 - s = sigmoid(-x).
#define ADJ_SLOPE_SILU(EXP)                                                                        \
    double e = EXP(-adj_abs(x));                                                                   \
    double r = 1.0 / (1.0 + e);                                                                    \
    double low = e * r;                                                                            \
    return (x < 0.0 ? low : r) * adj_fma(x, x < 0.0 ? r : low, 1.0);

ADJ_INLINE double slope_silu_f32(double x) { ADJ_SLOPE_SILU(adj_exp48) }
ADJ_INLINE double slope_silu_f64(double x) { ADJ_SLOPE_SILU(adj_core_exp_f64) }

/// t + x (1 - t²) s with t = tanh(log(1 + eˣ)), s = sigmoid(x). With w = eˣ (eˣ + 2) as in `mish`:
/// (1 - t²) s = 4 eˣ (eˣ + 1) / (w + 2)².
#define ADJ_SLOPE_MISH(EXP)                                                                        \
    /* Beyond, the slope is 1, and x times next to nothing would not be nothing. */                \
    x = x > 40.0 ? 40.0 : x;                                                                       \
    double e = EXP(x);                                                                             \
    double w = e * (e + 2.0);                                                                      \
    double r = 1.0 / (w + 2.0);                                                                    \
    return w * r + x * (4.0 * e * (e + 1.0) * r * r);

ADJ_INLINE double slope_mish_f32(double x) { ADJ_SLOPE_MISH(adj_exp48) }
ADJ_INLINE double slope_mish_f64(double x) { ADJ_SLOPE_MISH(adj_core_exp_f64) }

/// 2/√π exp(-x²).
ADJ_INLINE double slope_erf_f32(double x) { return 0x1.20dd750429b6dp+0 * adj_exp48(-x * x); }
ADJ_INLINE double slope_erf_f64(double x) {
    double square = x * x;
    return 0x1.20dd750429b6dp+0 * adj_exp_pair_f64(-square, -adj_fma(x, x, -square));
}

ADJ_BACKWARD(gelu, f32, float, g *adj_gelu_slope_f32(v))
ADJ_BACKWARD(gelu, f64, double, g *slope_gelu_f64(v))
ADJ_BACKWARD_SLOPE(gelu_tanh)
ADJ_BACKWARD_SLOPE(silu)
ADJ_BACKWARD_SLOPE(mish)
ADJ_BACKWARD_SLOPE(erf)
