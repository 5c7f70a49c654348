//===--- reduce_integer.c - reductions of integers and bytes ----------------------------------===//

#include "adjoint_reduce.h"
#include "multiversion.h"
#include "reduce.h"
#include "vectormath.h"

// Sums and products wrap: they run in uint64_t, whose bits are those of int64_t.
#define ADD(a, b) ((a) + (b))
#define MULTIPLY(a, b) ((a) * (b))
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define SMALLER(a, b) ((a) < (b) ? (a) : (b))
#define EITHER(a, b) ((a) | (b))
#define BOTH(a, b) ((a) & (b))
#define WIDEN(v) ((uint64_t)(int64_t)(v))
#define KEEP(v) (v)
#define TRUTH(v) ((uint8_t)((v) != 0))

#define ADJ_REDUCTION(NAME, S, T, RESULT, WORK, IDENTITY, MAP, OP)                                 \
    ADJ_MULTIVERSION static void NAME##_rows_##S(const void *data, size_t n, size_t count,         \
                                                 void *to) {                                       \
        const T *x = data;                                                                         \
        WORK *out = to;                                                                            \
        for (size_t row = 0; row < count; row++, x += n) {                                         \
            WORK total = IDENTITY;                                                                 \
            for (size_t i = 0; i < n; i++) total = (WORK)OP(total, (WORK)MAP(x[i]));               \
            out[row] = total;                                                                      \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void NAME##_merge_##S(void *to, const void *from, size_t width) {      \
        WORK *out = to;                                                                            \
        const WORK *other = from;                                                                  \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t c = 0; c < width; c++) out[c] = (WORK)OP(out[c], other[c]);                    \
    }                                                                                              \
    ADJ_MULTIVERSION static void NAME##_columns_##S(const void *data, size_t count, size_t stride, \
                                                    size_t width, void *to) {                      \
        const T *x = data;                                                                         \
        WORK *out = to;                                                                            \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t c = 0; c < width; c++) out[c] = (WORK)MAP(x[c]);                               \
        for (size_t i = 1; i < count; i++) {                                                       \
            const T *row = x + i * stride;                                                         \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t c = 0; c < width; c++) out[c] = (WORK)OP(out[c], (WORK)MAP(row[c]));       \
        }                                                                                          \
    }                                                                                              \
    void adj_##NAME##_##S(const T *x, RESULT *y, size_t outer, size_t reduce, size_t inner) {      \
        const adj_reduction r = {sizeof(T), sizeof(WORK), NAME##_rows_##S, NAME##_columns_##S,     \
                                 NAME##_merge_##S};                                                \
        adj_reduce(&r, x, y, outer, reduce, inner);                                                \
    }

#define ADJ_REDUCTIONS(S, T, LOWEST, HIGHEST)                                                      \
    ADJ_REDUCTION(sum, S, T, int64_t, uint64_t, 0, WIDEN, ADD)                                     \
    ADJ_REDUCTION(prod, S, T, int64_t, uint64_t, 1, WIDEN, MULTIPLY)                               \
    ADJ_REDUCTION(reduce_max, S, T, T, T, LOWEST, KEEP, LARGER)                                    \
    ADJ_REDUCTION(reduce_min, S, T, T, T, HIGHEST, KEEP, SMALLER)

ADJ_REDUCTIONS(i64, int64_t, INT64_MIN, INT64_MAX)
ADJ_REDUCTIONS(i32, int32_t, INT32_MIN, INT32_MAX)
ADJ_REDUCTIONS(i16, int16_t, INT16_MIN, INT16_MAX)
ADJ_REDUCTIONS(i8, int8_t, INT8_MIN, INT8_MAX)
ADJ_REDUCTIONS(u8, uint8_t, 0, UINT8_MAX)

ADJ_REDUCTION(any, u8, uint8_t, uint8_t, uint8_t, 0, TRUTH, EITHER)
ADJ_REDUCTION(all, u8, uint8_t, uint8_t, uint8_t, 1, TRUTH, BOTH)
