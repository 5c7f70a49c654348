//===--- normalize_batch.c - batch normalisation ----------------------------------------------===//
//
// With a spatial extent one channel at a time, its rows summed in lanes and their sums in double.
// Without one, a tile of channels at a time, down the batch.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_normalize.h"
#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath_rows.h"

#define GRAIN ((size_t)1 << 13)
#define TILE 64

typedef struct {
    const void *gy, *x, *gamma, *beta, *mean_in, *rstd_in;
    void *y, *mean, *var, *rstd, *ggamma, *gbeta;
    size_t n, channels, spatial;
    double eps;
} batch_plan;

static void run_plan(batch_plan *p, adj_parallel_body channels, adj_parallel_body tiles) {
    size_t each = p->n * p->spatial + 1;
    if (p->spatial > 1) {
        adj_parallel(p->channels, GRAIN / each + 1, channels, p);
    } else {
        adj_parallel((p->channels + TILE - 1) / TILE, GRAIN / (each * TILE) + 1, tiles, p);
    }
}

#define ADJ_BATCH_NORM(S, T)                                                                       \
    /** y = (x - mean) scale + shift over a row. */                                                \
    ADJ_INLINE void affine_##S(const T *x, T *y, T mean, T scale, T shift, size_t n) {             \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t i = 0; i < n; i++) y[i] = adj_fma(x[i] - mean, scale, shift);                  \
    }                                                                                              \
    ADJ_MULTIVERSION static void forward_channels_##S(size_t begin, size_t end, void *context) {   \
        const batch_plan *p = context;                                                             \
        size_t s = p->spatial, step = p->channels * s;                                             \
        double count = (double)(p->n * s);                                                         \
        for (size_t c = begin; c < end; c++) {                                                     \
            const T *x = (const T *)p->x + c * s;                                                  \
            double sum = 0, squares = 0;                                                           \
            for (size_t i = 0; i < p->n; i++) {                                                    \
                sum += (double)adj_row_sum_##S(x + i * step, x, 0, s);                             \
            }                                                                                      \
            T mean = (T)(sum / count);                                                             \
            for (size_t i = 0; i < p->n; i++) {                                                    \
                squares += (double)adj_row_deviation_##S(x + i * step, x, mean, s);                \
            }                                                                                      \
            double var = squares / count;                                                          \
            T rstd = (T)(1 / adj_sqrt(var + p->eps));                                              \
            ((T *)p->mean)[c] = mean;                                                              \
            ((T *)p->var)[c] = (T)var;                                                             \
            ((T *)p->rstd)[c] = rstd;                                                              \
            T scale = p->gamma != NULL ? rstd * ((const T *)p->gamma)[c] : rstd;                   \
            T shift = p->beta != NULL ? ((const T *)p->beta)[c] : 0;                               \
            T *y = (T *)p->y + c * s;                                                              \
            for (size_t i = 0; i < p->n; i++) {                                                    \
                affine_##S(x + i * step, y + i * step, mean, scale, shift, s);                     \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    /** Down the batch for a tile of channels: y = (x - mean) scale + shift. */                    \
    ADJ_INLINE void tile_affine_##S(const batch_plan *p, size_t first, size_t width,               \
                                    const T *mean, const T *rstd) {                                \
        const T *gamma = p->gamma, *beta = p->beta;                                                \
        T scale[TILE], shift[TILE];                                                                \
        for (size_t k = 0; k < width; k++) {                                                       \
            scale[k] = rstd[k];                                                                    \
            shift[k] = 0;                                                                          \
        }                                                                                          \
        for (size_t k = 0; gamma != NULL && k < width; k++) scale[k] *= gamma[first + k];          \
        for (size_t k = 0; beta != NULL && k < width; k++) shift[k] = beta[first + k];             \
        for (size_t i = 0; i < p->n; i++) {                                                        \
            const T *x = (const T *)p->x + i * p->channels + first;                                \
            T *y = (T *)p->y + i * p->channels + first;                                            \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t k = 0; k < width; k++) y[k] = adj_fma(x[k] - mean[k], scale[k], shift[k]); \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void forward_tiles_##S(size_t begin, size_t end, void *context) {      \
        const batch_plan *p = context;                                                             \
        for (size_t t = begin; t < end; t++) {                                                     \
            size_t first = t * TILE, rest = p->channels - first, width = rest < TILE ? rest : TILE;\
            const T *x = (const T *)p->x + first;                                                  \
            double sum[TILE] = {0}, squares[TILE] = {0};                                           \
            T *mean = (T *)p->mean + first, *rstd = (T *)p->rstd + first;                          \
            for (size_t i = 0; i < p->n; i++) {                                                    \
                const T *row = x + i * p->channels;                                                \
                for (size_t k = 0; k < width; k++) sum[k] += (double)row[k];                       \
            }                                                                                      \
            for (size_t k = 0; k < width; k++) mean[k] = (T)(sum[k] / (double)p->n);               \
            for (size_t i = 0; i < p->n; i++) {                                                    \
                const T *row = x + i * p->channels;                                                \
                for (size_t k = 0; k < width; k++) {                                               \
                    double d = (double)row[k] - (double)mean[k];                                   \
                    squares[k] += d * d;                                                           \
                }                                                                                  \
            }                                                                                      \
            for (size_t k = 0; k < width; k++) {                                                   \
                double var = squares[k] / (double)p->n;                                            \
                ((T *)p->var)[first + k] = (T)var;                                                 \
                rstd[k] = (T)(1 / adj_sqrt(var + p->eps));                                         \
            }                                                                                      \
            tile_affine_##S(p, first, width, mean, rstd);                                          \
        }                                                                                          \
    }                                                                                              \
    void adj_batch_norm_forward_##S(const T *x, const T *gamma_or_null, const T *beta_or_null,     \
                                    T *y, T *mean, T *var, T *rstd, size_t n, size_t channels,     \
                                    size_t spatial, double eps) {                                  \
        batch_plan p = {.x = x, .gamma = gamma_or_null, .beta = beta_or_null, .y = y,              \
                        .mean = mean, .var = var, .rstd = rstd, .n = n, .channels = channels,      \
                        .spatial = spatial, .eps = eps};                                           \
        run_plan(&p, forward_channels_##S, forward_tiles_##S);                                     \
    }                                                                                              \
    ADJ_MULTIVERSION static void apply_rows_##S(size_t begin, size_t end, void *context) {         \
        const batch_plan *p = context;                                                             \
        size_t s = p->spatial;                                                                     \
        for (size_t r = begin; r < end; r++) {                                                     \
            size_t c = r % p->channels;                                                            \
            T rstd = ((const T *)p->rstd_in)[c];                                                   \
            T scale = p->gamma != NULL ? rstd * ((const T *)p->gamma)[c] : rstd;                   \
            T shift = p->beta != NULL ? ((const T *)p->beta)[c] : 0;                               \
            affine_##S((const T *)p->x + r * s, (T *)p->y + r * s, ((const T *)p->mean_in)[c],     \
                       scale, shift, s);                                                           \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void apply_tiles_##S(size_t begin, size_t end, void *context) {        \
        const batch_plan *p = context;                                                             \
        for (size_t t = begin; t < end; t++) {                                                     \
            size_t first = t * TILE, rest = p->channels - first, width = rest < TILE ? rest : TILE;\
            tile_affine_##S(p, first, width, (const T *)p->mean_in + first,                        \
                            (const T *)p->rstd_in + first);                                        \
        }                                                                                          \
    }                                                                                              \
    void adj_batch_norm_apply_##S(const T *x, const T *mean, const T *rstd,                        \
                                  const T *gamma_or_null, const T *beta_or_null, T *y, size_t n,   \
                                  size_t channels, size_t spatial) {                               \
        batch_plan p = {.x = x, .gamma = gamma_or_null, .beta = beta_or_null, .mean_in = mean,     \
                        .rstd_in = rstd, .y = y, .n = n, .channels = channels,                     \
                        .spatial = spatial};                                                       \
        if (spatial > 1) {                                                                         \
            adj_parallel(n *channels, GRAIN / spatial + 1, apply_rows_##S, &p);                    \
        } else if (spatial == 1) {                                                                 \
            run_plan(&p, apply_rows_##S, apply_tiles_##S);                                         \
        }                                                                                          \
    }

ADJ_BATCH_NORM(f32, float)
ADJ_BATCH_NORM(f64, double)

/// gx = γ rstd (gy - mean(gy) - (x - mean) rstd² mean(gy (x - mean))).
#define ADJ_BATCH_NORM_BACKWARD(S, T)                                                              \
    ADJ_MULTIVERSION static void backward_channels_##S(size_t begin, size_t end, void *context) {  \
        const batch_plan *p = context;                                                             \
        size_t s = p->spatial, step = p->channels * s;                                             \
        double count = (double)(p->n * s);                                                         \
        for (size_t c = begin; c < end; c++) {                                                     \
            const T *x = (const T *)p->x + c * s, *gy = (const T *)p->gy + c * s;                  \
            T mean = ((const T *)p->mean_in)[c], rstd = ((const T *)p->rstd_in)[c];                \
            double sum = 0, moment = 0;                                                            \
            for (size_t i = 0; i < p->n; i++) {                                                    \
                sum += (double)adj_row_sum_##S(gy + i * step, gy, 0, s);                           \
                moment += (double)adj_row_moment_##S(x + i * step, gy + i * step, mean, s);        \
            }                                                                                      \
            if (p->ggamma != NULL) ((T *)p->ggamma)[c] = (T)(moment * (double)rstd);               \
            if (p->gbeta != NULL) ((T *)p->gbeta)[c] = (T)sum;                                     \
            if (p->y == NULL) continue;                                                            \
            T scale = p->gamma != NULL ? rstd * ((const T *)p->gamma)[c] : rstd;                   \
            T a = (T)(sum / count);                                                                \
            T b = (T)(moment / count * (double)rstd * (double)rstd);                               \
            for (size_t i = 0; i < p->n; i++) {                                                    \
                const T *xi = x + i * step, *gi = gy + i * step;                                   \
                T *gx = (T *)p->y + c * s + i * step;                                              \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t k = 0; k < s; k++) gx[k] = ((gi[k] - a) - (xi[k] - mean) * b) * scale; \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void backward_tiles_##S(size_t begin, size_t end, void *context) {     \
        const batch_plan *p = context;                                                             \
        for (size_t t = begin; t < end; t++) {                                                     \
            size_t first = t * TILE, rest = p->channels - first, width = rest < TILE ? rest : TILE;\
            const T *mean = (const T *)p->mean_in + first, *rstd = (const T *)p->rstd_in + first;  \
            double sum[TILE] = {0}, moment[TILE] = {0};                                            \
            for (size_t i = 0; i < p->n; i++) {                                                    \
                const T *x = (const T *)p->x + i * p->channels + first;                            \
                const T *gy = (const T *)p->gy + i * p->channels + first;                          \
                for (size_t k = 0; k < width; k++) {                                               \
                    sum[k] += (double)gy[k];                                                       \
                    moment[k] += (double)gy[k] * ((double)x[k] - (double)mean[k]);                 \
                }                                                                                  \
            }                                                                                      \
            T a[TILE], b[TILE], scale[TILE];                                                       \
            for (size_t k = 0; k < width; k++) {                                                   \
                double r = (double)rstd[k];                                                        \
                a[k] = (T)(sum[k] / (double)p->n);                                                 \
                b[k] = (T)(moment[k] / (double)p->n * r * r);                                      \
                scale[k] = rstd[k];                                                                \
            }                                                                                      \
            const T *gamma = p->gamma;                                                             \
            T *ggamma = p->ggamma, *gbeta = p->gbeta;                                              \
            for (size_t k = 0; gamma != NULL && k < width; k++) scale[k] *= gamma[first + k];      \
            for (size_t k = 0; ggamma != NULL && k < width; k++) {                                 \
                ggamma[first + k] = (T)(moment[k] * (double)rstd[k]);                              \
            }                                                                                      \
            for (size_t k = 0; gbeta != NULL && k < width; k++) gbeta[first + k] = (T)sum[k];      \
            for (size_t i = 0; p->y != NULL && i < p->n; i++) {                                    \
                const T *x = (const T *)p->x + i * p->channels + first;                            \
                const T *gy = (const T *)p->gy + i * p->channels + first;                          \
                T *gx = (T *)p->y + i * p->channels + first;                                       \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t k = 0; k < width; k++) {                                               \
                    gx[k] = ((gy[k] - a[k]) - (x[k] - mean[k]) * b[k]) * scale[k];                 \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    void adj_batch_norm_backward_##S(const T *gy, const T *x, const T *gamma_or_null,              \
                                     const T *mean, const T *rstd, T *gx_or_null,                  \
                                     T *ggamma_or_null, T *gbeta_or_null, size_t n,                \
                                     size_t channels, size_t spatial) {                            \
        batch_plan p = {.gy = gy, .x = x, .gamma = gamma_or_null, .mean_in = mean,                 \
                        .rstd_in = rstd, .y = gx_or_null, .ggamma = ggamma_or_null,                \
                        .gbeta = gbeta_or_null, .n = n, .channels = channels,                      \
                        .spatial = spatial};                                                       \
        run_plan(&p, backward_channels_##S, backward_tiles_##S);                                   \
    }

ADJ_BATCH_NORM_BACKWARD(f32, float)
ADJ_BATCH_NORM_BACKWARD(f64, double)
