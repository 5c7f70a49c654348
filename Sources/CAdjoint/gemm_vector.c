// Matrix times vector. Bound by memory: both forms walk the rows of A as they are stored.

#include "gemm.h"
#include "include/adjoint_memory.h"
#include "include/adjoint_threads.h"
#include "multiversion.h"

#pragma STDC FP_CONTRACT OFF

enum {
    dotRows = 4,            // rows whose dot products advance together
    parallelWork = 1 << 18  // elements of A from which on threads pay
};

typedef float float16 __attribute__((vector_size(64), aligned(4)));
typedef double double8 __attribute__((vector_size(64), aligned(8)));

#define DEFINE_GEMV(T, F, V, L)                                                               \
    typedef struct {                                                                          \
        size_t rows, cols, lda, stepX, stepY;                                                 \
        const T *a, *x;                                                                       \
        T *y, alpha, beta;                                                                    \
    } gemv_##F;                                                                               \
                                                                                              \
    static inline void put_##F(const gemv_##F *g, size_t i, T sum) {                          \
        T *y = g->y + i * g->stepY;                                                           \
        T value = g->alpha * sum;                                                             \
        *y = g->beta == 0 ? value : g->beta * *y + value;                                     \
    }                                                                                         \
                                                                                              \
    /* Dot products of up to four rows with a contiguous x: lanes, then a tree of lanes. */   \
    ADJ_MULTIVERSION static void dot_rows_##F(size_t begin, size_t end, void *context) {      \
        const gemv_##F *g = context;                                                          \
        size_t cols = g->cols, whole = cols / L * L;                                          \
        for (size_t i = begin; i < end; i += dotRows) {                                       \
            const T *row[dotRows];                                                            \
            V sum[dotRows];                                                                   \
            _Pragma("clang loop unroll(full)") for (size_t r = 0; r < dotRows; r++) {         \
                row[r] = g->a + (i + r < end ? i + r : i) * g->lda;                           \
                sum[r] = (V){0};                                                              \
            }                                                                                 \
            for (size_t p = 0; p < whole; p += L) {                                           \
                V x = *(const V *)(g->x + p);                                                 \
                _Pragma("clang loop unroll(full)") for (int r = 0; r < dotRows; r++) {        \
                    sum[r] += *(const V *)(row[r] + p) * x;                                   \
                }                                                                             \
            }                                                                                 \
            T lanes[dotRows][L];                                                              \
            _Pragma("clang loop unroll(full)") for (int r = 0; r < dotRows; r++) {            \
                memcpy(lanes[r], &sum[r], sizeof lanes[r]);                                   \
            }                                                                                 \
            for (size_t r = 0; r < dotRows && i + r < end; r++) {                             \
                T *lane = lanes[r];                                                           \
                for (size_t p = whole; p < cols; p++) lane[p - whole] += row[r][p] * g->x[p]; \
                for (int half = L / 2; half > 0; half /= 2) {                                 \
                    for (int l = 0; l < half; l++) lane[l] += lane[l + half];                 \
                }                                                                             \
                put_##F(g, i + r, lane[0]);                                                   \
            }                                                                                 \
        }                                                                                     \
    }                                                                                         \
                                                                                              \
    /* y[j] for columns j of the range, as sums of rows scaled by x; y is contiguous. */      \
    ADJ_MULTIVERSION static void add_rows_##F(size_t begin, size_t end, void *context) {      \
        const gemv_##F *g = context;                                                          \
        T sum[512];                                                                           \
        for (size_t at = begin; at < end; at += 512) {                                        \
            size_t width = end - at < 512 ? end - at : 512, i = 0;                            \
            for (size_t j = 0; j < width; j++) sum[j] = 0;                                    \
            for (; i + 4 <= g->rows; i += 4) {                                                \
                const T *a0 = g->a + i * g->lda + at, *a1 = a0 + g->lda;                      \
                const T *a2 = a1 + g->lda, *a3 = a2 + g->lda;                                 \
                T x0 = g->x[i], x1 = g->x[i + 1], x2 = g->x[i + 2], x3 = g->x[i + 3];         \
                for (size_t j = 0; j < width; j++) {                                          \
                    sum[j] = (((sum[j] + x0 * a0[j]) + x1 * a1[j]) + x2 * a2[j]) + x3 * a3[j]; \
                }                                                                             \
            }                                                                                 \
            for (; i < g->rows; i++) {                                                        \
                const T *a0 = g->a + i * g->lda + at;                                         \
                T x0 = g->x[i];                                                               \
                for (size_t j = 0; j < width; j++) sum[j] += x0 * a0[j];                      \
            }                                                                                 \
            for (size_t j = 0; j < width; j++) put_##F(g, at + j, sum[j]);                    \
        }                                                                                     \
    }                                                                                         \
                                                                                              \
    void adj_gemv_##F(int trans, size_t rows, size_t cols, T alpha, const T *a, size_t lda,   \
                      const T *x, size_t stepX, T beta, T *y, size_t stepY) {                 \
        size_t count = trans ? rows : cols;                                                   \
        T few[64], *packed = NULL;                                                            \
        if (stepX != 1) {                                                                     \
            if (count > 64) packed = adj_alloc(count * sizeof(T));                            \
            T *to = packed ? packed : few;                                                    \
            for (size_t i = 0; i < count; i++) to[i] = x[i * stepX];                          \
            x = to;                                                                           \
        }                                                                                     \
        gemv_##F g = {rows, cols, lda, 1, stepY, a, x, y, alpha, beta};                       \
        size_t n = trans ? cols : rows, other = trans ? rows : cols;                          \
        size_t grain = n;                                                                     \
        if (n * other >= parallelWork) grain = trans ? 512 : parallelWork / 8 / other / 4 * 4 + 4; \
        adj_parallel(n, grain, trans ? add_rows_##F : dot_rows_##F, &g);                      \
        adj_free(packed, count * sizeof(T));                                                  \
    }

DEFINE_GEMV(float, f32, float16, 16)
DEFINE_GEMV(double, f64, double8, 8)
