//===--- reduce_index.c - where the extreme stands --------------------------------------------===//
//
// A long row: first the extreme of each chunk, then a search in the first chunk that holds it.
// Columns: a running extreme and its row, chunk after chunk, merged in order.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_memory.h"
#include "adjoint_reduce.h"
#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath.h"

#define CHUNK ((size_t)1 << 14)
#define TILE 256

// `BEATS(a, b)`: a later a replaces an earlier b. A NaN beats every number and no NaN.
#define ABOVE(a, b) (((a) > (b)) | (((a) != (a)) & ((b) == (b))))
#define BELOW(a, b) (((a) < (b)) | (((a) != (a)) & ((b) == (b))))

#define ADJ_INDEX_REDUCTION(NAME, REDUCE, S, T, BEATS)                                             \
    typedef struct {                                                                               \
        const T *x;                                                                                \
        T *value;                                                                                  \
        int64_t *index;                                                                            \
        size_t reduce, inner, chunk, chunks, tiles;                                                \
    } NAME##_plan_##S;                                                                             \
                                                                                                   \
    ADJ_MULTIVERSION static void NAME##_columns_##S(const T *x, size_t count, size_t stride,       \
                                                    size_t width, size_t base, T *value,           \
                                                    int64_t *index) {                              \
        for (size_t c = 0; c < width; c++) {                                                       \
            value[c] = x[c];                                                                       \
            index[c] = (int64_t)base;                                                              \
        }                                                                                          \
        for (size_t i = 1; i < count; i++) {                                                       \
            const T *row = x + i * stride;                                                         \
            int64_t at = (int64_t)(base + i);                                                      \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t c = 0; c < width; c++) {                                                   \
                T v = row[c], old = value[c];                                                      \
                int64_t old_index = index[c];                                                      \
                int wins = BEATS(v, old);                                                          \
                value[c] = wins ? v : old;                                                         \
                index[c] = wins ? at : old_index;                                                  \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static void NAME##_row_##S(const T *x, size_t n, size_t base, T *value, int64_t *index) {      \
        T best = x[0];                                                                             \
        size_t i = 0;                                                                              \
        if (n <= 32) {                                                                             \
            for (size_t k = 1; k < n; k++) {                                                       \
                int wins = BEATS(x[k], best);                                                      \
                best = wins ? x[k] : best;                                                         \
                i = wins ? k : i;                                                                  \
            }                                                                                      \
            *value = best;                                                                         \
            *index = (int64_t)(base + i);                                                          \
            return;                                                                                \
        }                                                                                          \
        adj_##REDUCE##_##S(x, &best, 1, n, 1);                                                     \
        if (best == best) {                                                                        \
            while (i + 1 < n && x[i] != best) i++;                                                 \
        } else {                                                                                   \
            while (i + 1 < n && x[i] == x[i]) i++;                                                 \
        }                                                                                          \
        *value = x[i];                                                                             \
        *index = (int64_t)(base + i);                                                              \
    }                                                                                              \
                                                                                                   \
    static void NAME##_pieces_##S(size_t begin, size_t end, void *context) {                       \
        const NAME##_plan_##S *p = context;                                                        \
        for (size_t i = begin; i < end; i++) {                                                     \
            size_t piece = i / p->tiles, column = i % p->tiles * TILE;                             \
            size_t o = piece / p->chunks, first = piece % p->chunks * p->chunk;                    \
            size_t count = p->reduce - first < p->chunk ? p->reduce - first : p->chunk;            \
            size_t width = p->inner - column < TILE ? p->inner - column : TILE;                    \
            const T *x = p->x + (o * p->reduce + first) * p->inner + column;                       \
            T *value = p->value + piece * p->inner + column;                                       \
            int64_t *index = p->index + piece * p->inner + column;                                 \
            if (p->inner == 1) {                                                                   \
                NAME##_row_##S(x, count, first, value, index);                                     \
            } else {                                                                               \
                NAME##_columns_##S(x, count, p->inner, width, first, value, index);                \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    void adj_##NAME##_##S(const T *x, T *y, int64_t *index, size_t outer, size_t reduce,           \
                          size_t inner) {                                                          \
        if (outer * inner == 0 || reduce == 0) return;                                             \
        NAME##_plan_##S p = {x, y, index, reduce, inner, CHUNK, 1, 1};                             \
        if (inner > 1) {                                                                           \
            p.tiles = (inner + TILE - 1) / TILE;                                                   \
            p.chunk = 2 * CHUNK / (inner < TILE ? inner : TILE);                                   \
        }                                                                                          \
        p.chunks = (reduce + p.chunk - 1) / p.chunk;                                               \
        size_t pieces = outer * inner * p.chunks;                                                  \
        if (p.chunks > 1 || y == NULL) p.value = adj_alloc(pieces * sizeof(T));                    \
        if (p.chunks > 1) p.index = adj_alloc(pieces * sizeof(int64_t));                           \
        if (p.value == NULL || p.index == NULL) __builtin_trap();                                  \
        size_t rows = reduce < p.chunk ? reduce : p.chunk;                                         \
        size_t work = rows * (inner < TILE ? inner : TILE);                                        \
        adj_parallel(outer *p.chunks *p.tiles, CHUNK / work + 1, NAME##_pieces_##S, &p);           \
        for (size_t i = 0; p.chunks > 1 && i < outer * inner; i++) {                               \
            size_t at = i / inner * p.chunks * inner + i % inner;                                  \
            T best = p.value[at];                                                                  \
            int64_t where = p.index[at];                                                           \
            for (size_t c = 1; c < p.chunks; c++) {                                                \
                T v = p.value[at + c * inner];                                                     \
                if (BEATS(v, best)) {                                                              \
                    best = v;                                                                      \
                    where = p.index[at + c * inner];                                               \
                }                                                                                  \
            }                                                                                      \
            index[i] = where;                                                                      \
            if (y != NULL) y[i] = best;                                                            \
        }                                                                                          \
        if (p.value != y) adj_free(p.value, pieces * sizeof(T));                                   \
        if (p.index != index) adj_free(p.index, pieces * sizeof(int64_t));                         \
    }

#define ADJ_INDEX_REDUCTIONS(S, T)                                                                 \
    ADJ_INDEX_REDUCTION(max_index, reduce_max, S, T, ABOVE)                                        \
    ADJ_INDEX_REDUCTION(min_index, reduce_min, S, T, BELOW)

ADJ_INDEX_REDUCTIONS(f32, float)
ADJ_INDEX_REDUCTIONS(f64, double)
ADJ_INDEX_REDUCTIONS(i64, int64_t)
ADJ_INDEX_REDUCTIONS(i32, int32_t)
ADJ_INDEX_REDUCTIONS(i16, int16_t)
ADJ_INDEX_REDUCTIONS(i8, int8_t)
ADJ_INDEX_REDUCTIONS(u8, uint8_t)
