//===--- normalize_layer.c - layer normalisation ----------------------------------------------===//

#include "adjoint_memory.h"
#include "adjoint_normalize.h"
#include "adjoint_reduce.h"
#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath_rows.h"

#define GRAIN ((size_t)1 << 13)

typedef struct {
    const void *gy, *x, *gamma, *beta;
    void *y, *mean, *rstd, *parts;
    size_t rows, width, chunk;
    double eps;
} layer_plan;

#define ADJ_LAYER_NORM(S, T)                                                                       \
    ADJ_MULTIVERSION static void forward_##S(size_t begin, size_t end, void *context) {            \
        const layer_plan *p = context;                                                             \
        size_t n = p->width;                                                                       \
        const T *gamma = p->gamma, *beta = p->beta;                                                \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *x = (const T *)p->x + r * n;                                                  \
            T *y = (T *)p->y + r * n;                                                              \
            T mean = adj_row_sum_##S(x, x, 0, n) / (T)n;                                           \
            T var = adj_row_deviation_##S(x, x, mean, n) / (T)n;                                   \
            T rstd = 1 / adj_sqrt(var + (T)p->eps);                                                \
            ((T *)p->mean)[r] = mean;                                                              \
            ((T *)p->rstd)[r] = rstd;                                                              \
            if (gamma != NULL && beta != NULL) {                                                   \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t i = 0; i < n; i++) {                                                   \
                    y[i] = (x[i] - mean) * rstd * gamma[i] + beta[i];                              \
                }                                                                                  \
                continue;                                                                          \
            }                                                                                      \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t i = 0; i < n; i++) y[i] = (x[i] - mean) * rstd;                            \
            for (size_t i = 0; gamma != NULL && i < n; i++) y[i] *= gamma[i];                      \
            for (size_t i = 0; beta != NULL && i < n; i++) y[i] += beta[i];                        \
        }                                                                                          \
    }                                                                                              \
    void adj_layer_norm_forward_##S(const T *x, const T *gamma_or_null, const T *beta_or_null,     \
                                    T *y, T *mean, T *rstd, size_t rows, size_t width,             \
                                    double eps) {                                                  \
        layer_plan p = {NULL, x, gamma_or_null, beta_or_null, y, mean, rstd, NULL, rows, width,    \
                        0, eps};                                                                   \
        adj_parallel(rows, GRAIN / (width + 1) + 1, forward_##S, &p);                              \
    }                                                                                              \
    /** gx = rstd (h - mean(h) - x̂ mean(h x̂)), h = gy γ, x̂ = (x - mean) rstd. */                   \
    ADJ_MULTIVERSION static void backward_rows_##S(size_t begin, size_t end, void *context) {      \
        const layer_plan *p = context;                                                             \
        size_t n = p->width;                                                                       \
        const T *gamma = p->gamma;                                                                 \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *gy = (const T *)p->gy + r * n, *x = (const T *)p->x + r * n;                  \
            T *gx = (T *)p->y + r * n;                                                             \
            T mean = ((const T *)p->mean)[r], rstd = ((const T *)p->rstd)[r];                      \
            const T *h = gy;                                                                       \
            if (gamma != NULL) {                                                                   \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t i = 0; i < n; i++) gx[i] = gy[i] * gamma[i];                           \
                h = gx;                                                                            \
            }                                                                                      \
            T a = adj_row_sum_##S(h, h, 0, n) / (T)n;                                              \
            T b = adj_row_moment_##S(x, h, mean, n) / (T)n * (rstd * rstd);                        \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t i = 0; i < n; i++) gx[i] = ((h[i] - a) - (x[i] - mean) * b) * rstd;        \
        }                                                                                          \
    }                                                                                              \
    /** Σ gy x̂ and Σ gy over a chunk of rows, [chunks, 2, width]. */                               \
    ADJ_MULTIVERSION static void backward_columns_##S(size_t begin, size_t end, void *context) {   \
        const layer_plan *p = context;                                                             \
        size_t n = p->width;                                                                       \
        for (size_t k = begin; k < end; k++) {                                                     \
            T *gamma = (T *)p->parts + k * 2 * n, *beta = gamma + n;                               \
            memset(gamma, 0, 2 * n * sizeof(T));                                                   \
            size_t last = (k + 1) * p->chunk < p->rows ? (k + 1) * p->chunk : p->rows;             \
            for (size_t r = k * p->chunk; r < last; r++) {                                         \
                const T *gy = (const T *)p->gy + r * n, *x = (const T *)p->x + r * n;              \
                T mean = ((const T *)p->mean)[r], rstd = ((const T *)p->rstd)[r];                  \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t i = 0; i < n; i++) {                                                   \
                    gamma[i] = adj_fma(gy[i], (x[i] - mean) * rstd, gamma[i]);                     \
                    beta[i] += gy[i];                                                              \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    void adj_layer_norm_backward_##S(const T *gy, const T *x, const T *gamma_or_null,              \
                                     const T *mean, const T *rstd, T *gx_or_null,                  \
                                     T *ggamma_or_null, T *gbeta_or_null, size_t rows,             \
                                     size_t width) {                                               \
        layer_plan p = {gy, x, gamma_or_null, NULL, gx_or_null, (void *)mean, (void *)rstd, NULL,  \
                        rows, width, 0, 0};                                                        \
        if ((ggamma_or_null != NULL || gbeta_or_null != NULL) && width > 0) {                      \
            p.chunk = 32 + GRAIN / width;                                                          \
            size_t chunks = (rows + p.chunk - 1) / p.chunk;                                        \
            size_t bytes = (chunks + 1) * 2 * width * sizeof(T);                                   \
            p.parts = adj_alloc(bytes);                                                            \
            if (p.parts == NULL) __builtin_trap();                                                 \
            adj_parallel(chunks, 1, backward_columns_##S, &p);                                     \
            T *total = (T *)p.parts + chunks * 2 * width;                                          \
            adj_sum_##S(p.parts, total, 1, chunks, 2 * width);                                     \
            size_t row = width * sizeof(T);                                                        \
            if (ggamma_or_null != NULL) memcpy(ggamma_or_null, total, row);                        \
            if (gbeta_or_null != NULL) memcpy(gbeta_or_null, total + width, row);                  \
            adj_free(p.parts, bytes);                                                              \
        }                                                                                          \
        if (gx_or_null != NULL) {                                                                  \
            adj_parallel(rows, GRAIN / (width + 1) + 1, backward_rows_##S, &p);                    \
        }                                                                                          \
    }

ADJ_LAYER_NORM(f32, float)
ADJ_LAYER_NORM(f64, double)
