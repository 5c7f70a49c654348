//===--- softmax.c - softmax and its relatives over the middle of three dimensions ------------===//
//
// Rows (inner = 1) run one by one; otherwise a tile of columns runs down the rows together.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_normalize.h"
#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath_exp_block.h"

#define GRAIN ((size_t)1 << 13)
#define TILE 64
/// Rows of a tile that are summed in its own type.
#define ROWS 64

typedef struct {
    const void *x, *w;
    void *y;
    size_t reduce, inner, tiles;
} rows_plan;

static void run_plan(rows_plan *p, size_t outer, adj_parallel_body rows,
                     adj_parallel_body columns) {
    if (outer * p->inner == 0) return;
    p->tiles = (p->inner + TILE - 1) / TILE;
    size_t work = p->reduce * (p->inner < TILE ? p->inner : TILE) + 1;
    adj_parallel(outer * p->tiles, GRAIN / work + 1, p->inner == 1 ? rows : columns, p);
}

/// What is taken from a row before exp: its extreme, but 0 for an infinite one, so that
/// log Σ exp(±infinity) comes out as ±infinity.
#define FINITE_OR_ZERO(m, T) (((m) - (m)) == 0 ? (m) : ((m) != (m) ? (m) : (T)0))

#define ADJ_SOFTMAX(S, T)                                                                          \
    ADJ_MULTIVERSION static void softmax_rows_##S(size_t begin, size_t end, void *context) {       \
        const rows_plan *p = context;                                                              \
        size_t n = p->reduce;                                                                      \
        for (size_t r = begin; n <= ADJ_SHORT_ROW && r < end;) {                                   \
            T e[ADJ_EXP_BLOCK], m[ADJ_EXP_BLOCK], sum[ADJ_EXP_BLOCK];                              \
            size_t group = n > 1 ? ADJ_EXP_BLOCK / n : ADJ_EXP_BLOCK;                              \
            size_t count = end - r < group ? end - r : group;                                      \
            const T *x = (const T *)p->x + r * n;                                                  \
            T *y = (T *)p->y + r * n;                                                              \
            adj_exp_rows_##S(x, count, n, m, sum, e);                                              \
            for (size_t k = 0; k < count; k++) {                                                   \
                T scale = 1 / sum[k];                                                              \
                _Pragma("clang loop vectorize(disable)")                                           \
                for (size_t i = k * n; i < (k + 1) * n; i++) y[i] = e[i] * scale;                  \
            }                                                                                      \
            r += count;                                                                            \
        }                                                                                          \
        for (size_t r = n <= ADJ_SHORT_ROW ? end : begin; r < end; r++) {                          \
            const T *x = (const T *)p->x + r * n;                                                  \
            T *y = (T *)p->y + r * n;                                                              \
            T m = adj_row_max_##S(x, n);                                                           \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t i = 0; i < n; i++) y[i] = adj_core_exp_##S(x[i] - m);                      \
            T scale = 1 / adj_row_sum_##S(y, y, 0, n);                                             \
            for (size_t i = 0; i < n; i++) y[i] *= scale;                                          \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void log_softmax_rows_##S(size_t begin, size_t end, void *context) {   \
        const rows_plan *p = context;                                                              \
        size_t n = p->reduce;                                                                      \
        for (size_t r = begin; n <= ADJ_SHORT_ROW && r < end;) {                                   \
            T e[ADJ_EXP_BLOCK], m[ADJ_EXP_BLOCK], sum[ADJ_EXP_BLOCK];                              \
            size_t group = n > 1 ? ADJ_EXP_BLOCK / n : ADJ_EXP_BLOCK;                              \
            size_t count = end - r < group ? end - r : group;                                      \
            const T *x = (const T *)p->x + r * n;                                                  \
            T *y = (T *)p->y + r * n;                                                              \
            adj_exp_rows_##S(x, count, n, m, sum, e);                                              \
            for (size_t k = 0; k < count; k++) sum[k] = adj_core_log_##S(sum[k]);                  \
            for (size_t k = 0; k < count; k++) {                                                   \
                _Pragma("clang loop vectorize(disable)")                                           \
                for (size_t i = k * n; i < (k + 1) * n; i++) y[i] = (x[i] - m[k]) - sum[k];        \
            }                                                                                      \
            r += count;                                                                            \
        }                                                                                          \
        for (size_t r = n <= ADJ_SHORT_ROW ? end : begin; r < end; r++) {                          \
            const T *x = (const T *)p->x + r * n;                                                  \
            T *y = (T *)p->y + r * n;                                                              \
            T m = adj_row_max_##S(x, n);                                                           \
            T l = adj_core_log_##S(adj_exp_sum_##S(x, m, n));                                          \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t i = 0; i < n; i++) y[i] = (x[i] - m) - l;                                  \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void logsumexp_rows_##S(size_t begin, size_t end, void *context) {     \
        const rows_plan *p = context;                                                              \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *x = (const T *)p->x + r * p->reduce;                                          \
            T m = adj_row_max_##S(x, p->reduce);                                                   \
            m = FINITE_OR_ZERO(m, T);                                                              \
            ((T *)p->y)[r] = adj_core_log_##S(adj_exp_sum_##S(x, m, p->reduce)) + m;                   \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void softmax_back_rows_##S(size_t begin, size_t end, void *context) {  \
        const rows_plan *p = context;                                                              \
        size_t n = p->reduce;                                                                      \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *g = (const T *)p->x + r * n, *y = (const T *)p->w + r * n;                    \
            T *gx = (T *)p->y + r * n;                                                             \
            T dot = adj_row_dot_##S(g, y, 0, n);                                                   \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t i = 0; i < n; i++) gx[i] = y[i] * (g[i] - dot);                            \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void log_softmax_back_rows_##S(size_t begin, size_t end,               \
                                                           void *context) {                        \
        const rows_plan *p = context;                                                              \
        size_t n = p->reduce;                                                                      \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *g = (const T *)p->x + r * n, *y = (const T *)p->w + r * n;                    \
            T *gx = (T *)p->y + r * n;                                                             \
            T sum = adj_row_sum_##S(g, g, 0, n);                                                   \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t i = 0; i < n; i++) gx[i] = adj_fma(-adj_core_exp_##S(y[i]), sum, g[i]);    \
        }                                                                                          \
    }                                                                                              \
    /** The extreme of each column of a tile. */                                                   \
    ADJ_INLINE void tile_max_##S(const T *x, size_t rows, size_t stride, size_t width, T *m) {     \
        for (size_t c = 0; c < width; c++) m[c] = -(T)INFINITY;                                    \
        for (size_t i = 0; i < rows; i++) {                                                        \
            const T *row = x + i * stride;                                                         \
            for (size_t c = 0; c < width; c++) {                                                   \
                T v = row[c], a = m[c];                                                            \
                m[c] = ((a > v) | (a != a)) ? a : v;                                               \
            }                                                                                      \
        }                                                                                          \
    }

/// A function of tiles of columns: BODY sees the tile's first element in each array, its `width`,
/// the number of `rows` and the `stride` between them.
#define ADJ_TILES(NAME, S, T, OUT_ROWS, BODY)                                                      \
    ADJ_MULTIVERSION static void NAME##_columns_##S(size_t begin, size_t end, void *context) {     \
        const rows_plan *p = context;                                                              \
        size_t rows = p->reduce, stride = p->inner;                                                \
        T m[TILE], sum[TILE];                                                                      \
        for (size_t k = begin; k < end; k++) {                                                     \
            size_t o = k / p->tiles, column = k % p->tiles * TILE;                                 \
            size_t width = stride - column < TILE ? stride - column : TILE;                        \
            size_t at = o * rows * stride + column;                                                \
            const T *x = (const T *)p->x + at, *w = (const T *)p->w + at;                          \
            T *y = (T *)p->y + o * (OUT_ROWS) * stride + column;                                   \
            (void)w;                                                                               \
            (void)m;                                                                               \
            BODY                                                                                   \
        }                                                                                          \
    }

/// y[i, c] = EXPRESSION for a tile, with `at` the element's offset.
#define ADJ_TILE_STORE(EXPRESSION)                                                                 \
    for (size_t i = 0; i < rows; i++) {                                                            \
        size_t first = i * stride;                                                                 \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t c = 0; c < width; c++) y[first + c] = (EXPRESSION);                            \
    }

/// sum[c] = Σ EXPRESSION down the tile: blocks of rows, whose sums are added in double.
#define ADJ_TILE_SUM(T, EXPRESSION)                                                                \
    {                                                                                              \
        double total[TILE] = {0};                                                                  \
        for (size_t block = 0; block < rows; block += ROWS) {                                      \
            size_t last = rows - block < ROWS ? rows : block + ROWS;                               \
            T part[TILE] = {0};                                                                    \
            for (size_t i = block; i < last; i++) {                                                \
                size_t first = i * stride;                                                         \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t c = 0; c < width; c++) part[c] += (EXPRESSION);                        \
            }                                                                                      \
            for (size_t c = 0; c < width; c++) total[c] += (double)part[c];                        \
        }                                                                                          \
        for (size_t c = 0; c < width; c++) sum[c] = (T)total[c];                                   \
    }

#define ADJ_SOFTMAX_COLUMNS(S, T)                                                                  \
    ADJ_TILES(softmax, S, T, rows, {                                                               \
        tile_max_##S(x, rows, stride, width, m);                                                   \
        ADJ_TILE_STORE(adj_core_exp_##S(x[first + c] - m[c]))                                      \
        ADJ_TILE_SUM(T, y[first + c])                                                              \
        for (size_t c = 0; c < width; c++) sum[c] = 1 / sum[c];                                    \
        ADJ_TILE_STORE(y[first + c] * sum[c])                                                      \
    })                                                                                             \
    ADJ_TILES(log_softmax, S, T, rows, {                                                           \
        tile_max_##S(x, rows, stride, width, m);                                                   \
        ADJ_TILE_SUM(T, adj_core_exp_##S(x[first + c] - m[c]))                                     \
        for (size_t c = 0; c < width; c++) sum[c] = adj_core_log_##S(sum[c]);                      \
        ADJ_TILE_STORE((x[first + c] - m[c]) - sum[c])                                             \
    })                                                                                             \
    ADJ_TILES(logsumexp, S, T, 1, {                                                                \
        tile_max_##S(x, rows, stride, width, m);                                                   \
        for (size_t c = 0; c < width; c++) m[c] = FINITE_OR_ZERO(m[c], T);                         \
        ADJ_TILE_SUM(T, adj_core_exp_##S(x[first + c] - m[c]))                                     \
        for (size_t c = 0; c < width; c++) y[c] = adj_core_log_##S(sum[c]) + m[c];                 \
    })                                                                                             \
    ADJ_TILES(softmax_back, S, T, rows, {                                                          \
        ADJ_TILE_SUM(T, x[first + c] * w[first + c])                                               \
        ADJ_TILE_STORE(w[first + c] * (x[first + c] - sum[c]))                                     \
    })                                                                                             \
    ADJ_TILES(log_softmax_back, S, T, rows, {                                                      \
        ADJ_TILE_SUM(T, x[first + c])                                                              \
        ADJ_TILE_STORE(adj_fma(-adj_core_exp_##S(w[first + c]), sum[c], x[first + c]))             \
    })                                                                                             \
    void adj_softmax_##S(const T *x, T *y, size_t outer, size_t reduce, size_t inner) {            \
        rows_plan p = {x, x, y, reduce, inner, 1};                                                 \
        run_plan(&p, outer, softmax_rows_##S, softmax_columns_##S);                                \
    }                                                                                              \
    void adj_log_softmax_##S(const T *x, T *y, size_t outer, size_t reduce, size_t inner) {        \
        rows_plan p = {x, x, y, reduce, inner, 1};                                                 \
        run_plan(&p, outer, log_softmax_rows_##S, log_softmax_columns_##S);                        \
    }                                                                                              \
    void adj_logsumexp_##S(const T *x, T *y, size_t outer, size_t reduce, size_t inner) {          \
        rows_plan p = {x, x, y, reduce, inner, 1};                                                 \
        run_plan(&p, outer, logsumexp_rows_##S, logsumexp_columns_##S);                            \
    }                                                                                              \
    void adj_softmax_backward_##S(const T *g, const T *y, T *gx, size_t outer, size_t reduce,      \
                                  size_t inner) {                                                  \
        rows_plan p = {g, y, gx, reduce, inner, 1};                                                \
        run_plan(&p, outer, softmax_back_rows_##S, softmax_back_columns_##S);                      \
    }                                                                                              \
    void adj_log_softmax_backward_##S(const T *g, const T *y, T *gx, size_t outer, size_t reduce,  \
                                      size_t inner) {                                              \
        rows_plan p = {g, y, gx, reduce, inner, 1};                                                \
        run_plan(&p, outer, log_softmax_back_rows_##S, log_softmax_back_columns_##S);              \
    }

ADJ_SOFTMAX(f32, float)
ADJ_SOFTMAX(f64, double)
ADJ_SOFTMAX_COLUMNS(f32, float)
ADJ_SOFTMAX_COLUMNS(f64, double)
