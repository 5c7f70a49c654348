//===--- adjoint_normalize.h - softmax, cross entropy, layer and batch normalisation ----------===//
//
// Every function runs in parallel inside, with results that do not depend on threads.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_NORMALIZE_H
#define ADJOINT_NORMALIZE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ADJ_DECLARE_NORMALIZE(S, T)                                                                \
    /** exp(x - max) / Σ exp(x - max) over the middle of [outer, reduce, inner]. A row of -infinity \
        alone gives NaN. `y` may be `x`. */                                                        \
    void adj_softmax_##S(const T *x, T *y, size_t outer, size_t reduce, size_t inner);             \
    /** x - max - log Σ exp(x - max). `y` may be `x`. */                                           \
    void adj_log_softmax_##S(const T *x, T *y, size_t outer, size_t reduce, size_t inner);         \
    /** gx = y (g - Σ g y), with y the softmax. `gx` may be `g`. */                                \
    void adj_softmax_backward_##S(const T *g, const T *y, T *gx, size_t outer, size_t reduce,      \
                                  size_t inner);                                                   \
    /** gx = g - exp(y) Σ g, with y the log-softmax. `gx` may be `g`. */                           \
    void adj_log_softmax_backward_##S(const T *g, const T *y, T *gx, size_t outer, size_t reduce,  \
                                      size_t inner);                                               \
    /** log Σ exp(x), [outer, inner]; -infinity for a row of -infinity, or of nothing. */          \
    void adj_logsumexp_##S(const T *x, T *y, size_t outer, size_t reduce, size_t inner);           \
    /** Cross entropy of logits [n, classes] against classes by number. Writes the sum of the rows' \
        losses, the number of rows that are not ignored, and the log-softmax [n, classes] where     \
        asked. A target is `ignore`, or in 0..<classes (the caller has checked). */                \
    void adj_cross_entropy_forward_##S(const T *logits, const int64_t *targets, size_t n,          \
                                       size_t classes, int64_t ignore, T *loss_sum,                \
                                       T *log_softmax_or_null, size_t *count);                     \
    /** gx = scale (exp(log_softmax) - onehot), 0 in ignored rows; scale is the loss's cotangent,   \
        divided by the count for a mean. `gx` may be `log_softmax`. */                             \
    void adj_cross_entropy_backward_##S(const T *log_softmax, const int64_t *targets, size_t n,    \
                                        size_t classes, int64_t ignore, T scale, T *gx);           \
    /** y = (x - mean) rstd γ + β over rows of `width`; rstd = 1/√(biased variance + eps). mean and \
        rstd are [rows]. */                                                                        \
    void adj_layer_norm_forward_##S(const T *x, const T *gamma_or_null, const T *beta_or_null,     \
                                    T *y, T *mean, T *rstd, size_t rows, size_t width,             \
                                    double eps);                                                   \
    /** The three gradients, each where asked. */                                                  \
    void adj_layer_norm_backward_##S(const T *gy, const T *x, const T *gamma_or_null,              \
                                     const T *mean, const T *rstd, T *gx_or_null,                  \
                                     T *ggamma_or_null, T *gbeta_or_null, size_t rows,             \
                                     size_t width);                                                \
    /** Training: statistics over n and spatial of [n, channels, spatial], biased variance, and     \
        y = (x - mean) rstd γ + β. γ and β may be null. */                                         \
    void adj_batch_norm_forward_##S(const T *x, const T *gamma_or_null, const T *beta_or_null,     \
                                    T *y, T *mean, T *var, T *rstd, size_t n, size_t channels,     \
                                    size_t spatial, double eps);                                   \
    /** y = (x - mean) rstd γ + β with given statistics. γ and β may be null. */                   \
    void adj_batch_norm_apply_##S(const T *x, const T *mean, const T *rstd,                        \
                                  const T *gamma_or_null, const T *beta_or_null, T *y, size_t n,   \
                                  size_t channels, size_t spatial);                                \
    /** The three gradients of the training forward, each where asked. */                          \
    void adj_batch_norm_backward_##S(const T *gy, const T *x, const T *gamma_or_null,              \
                                     const T *mean, const T *rstd, T *gx_or_null,                  \
                                     T *ggamma_or_null, T *gbeta_or_null, size_t n,                \
                                     size_t channels, size_t spatial);

ADJ_DECLARE_NORMALIZE(f32, float)
ADJ_DECLARE_NORMALIZE(f64, double)

#ifdef __cplusplus
}
#endif

#endif
