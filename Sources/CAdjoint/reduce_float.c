//===--- reduce_float.c - sums, products and extremes of floating-point numbers ---------------===//
//
// A row runs in four accumulators of 64 bytes; the lanes are folded by halves. The vectors are
// explicit, since the compiler may not reorder a sum on its own.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_reduce.h"
#include "multiversion.h"
#include "reduce.h"
#include "vectormath.h"

typedef float vector_f32 __attribute__((vector_size(64), aligned(4)));
typedef double vector_f64 __attribute__((vector_size(64), aligned(8)));
typedef int32_t mask_f32 __attribute__((vector_size(64)));
typedef int64_t mask_f64 __attribute__((vector_size(64)));

/// Rows of a column block that are added one after the other, before the block joins the total.
#define COLUMN_BLOCK 64

#define KEEP(v) (v)
#define SQUARE(v) ((v) * (v))
#define ADD(a, b, mask) ((a) + (b))
#define MULTIPLY(a, b, mask) ((a) * (b))
#define SELECT(condition, a, b, mask)                                                              \
    ((__typeof__(a))(((mask)(condition) & (mask)(a)) | (~(mask)(condition) & (mask)(b))))
#define LARGER(a, b, mask) SELECT(((a) > (b)) | ((a) != (a)), a, b, mask)
#define SMALLER(a, b, mask) SELECT(((a) < (b)) | ((a) != (a)), a, b, mask)
#define ADD_ONE(a, b) ((a) + (b))
#define MULTIPLY_ONE(a, b) ((a) * (b))
#define LARGER_ONE(a, b) ((((a) > (b)) | ((a) != (a))) ? (a) : (b))
#define SMALLER_ONE(a, b) ((((a) < (b)) | ((a) != (a))) ? (a) : (b))

#define ADJ_REDUCTION(NAME, S, T, IDENTITY, MAP, OP)                                               \
    ADJ_MULTIVERSION static void NAME##_rows_##S(const void *data, size_t n, size_t count,         \
                                                 void *to) {                                       \
        enum { lanes = 64 / sizeof(T) };                                                           \
        const T *x = data;                                                                         \
        T *out = to;                                                                               \
        for (size_t row = 0; row < count; row++, x += n) {                                         \
            T total = IDENTITY;                                                                    \
            size_t i = 0;                                                                          \
            if (n >= lanes) {                                                                      \
                vector_##S a[4];                                                                   \
                for (int k = 0; k < 4; k++) a[k] = (vector_##S){0} + (T)IDENTITY;                  \
                for (; i + 4 * lanes <= n; i += 4 * lanes) {                                       \
                    for (int k = 0; k < 4; k++) {                                                  \
                        vector_##S v = *(const vector_##S *)(x + i + k * lanes);                   \
                        a[k] = OP(a[k], MAP(v), mask_##S);                                         \
                    }                                                                              \
                }                                                                                  \
                for (; i + lanes <= n; i += lanes) {                                               \
                    vector_##S v = *(const vector_##S *)(x + i);                                   \
                    a[0] = OP(a[0], MAP(v), mask_##S);                                             \
                }                                                                                  \
                a[0] = OP(a[0], a[1], mask_##S);                                                   \
                a[2] = OP(a[2], a[3], mask_##S);                                                   \
                a[0] = OP(a[0], a[2], mask_##S);                                                   \
                T lane[lanes];                                                                     \
                memcpy(lane, a, sizeof lane);                                                      \
                for (int half = lanes / 2; half > 0; half /= 2) {                                  \
                    for (int k = 0; k < half; k++) lane[k] = OP##_ONE(lane[k], lane[k + half]);    \
                }                                                                                  \
                total = lane[0];                                                                   \
            }                                                                                      \
            for (; i < n; i++) {                                                                   \
                T v = x[i];                                                                        \
                total = OP##_ONE(total, MAP(v));                                                   \
            }                                                                                      \
            out[row] = total;                                                                      \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void NAME##_merge_##S(void *to, const void *from, size_t width) {      \
        T *out = to;                                                                               \
        const T *other = from;                                                                     \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t c = 0; c < width; c++) out[c] = OP##_ONE(out[c], other[c]);                    \
    }                                                                                              \
    ADJ_MULTIVERSION static void NAME##_columns_##S(const void *data, size_t count, size_t stride, \
                                                    size_t width, void *to) {                      \
        const T *x = data;                                                                         \
        T *out = to;                                                                               \
        T block[ADJ_REDUCE_TILE];                                                                  \
        for (size_t first = 0; first < count; first += COLUMN_BLOCK) {                             \
            size_t end = count - first < COLUMN_BLOCK ? count : first + COLUMN_BLOCK;              \
            T *sum = first == 0 ? out : block;                                                     \
            const T *row = x + first * stride;                                                     \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t c = 0; c < width; c++) sum[c] = MAP(row[c]);                               \
            size_t i = first + 1;                                                                  \
            for (; i + 4 <= end; i += 4) {                                                         \
                const T *r0 = x + i * stride, *r1 = r0 + stride, *r2 = r1 + stride,                \
                        *r3 = r2 + stride;                                                         \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t c = 0; c < width; c++) {                                               \
                    T s = OP##_ONE(sum[c], MAP(r0[c]));                                            \
                    s = OP##_ONE(s, MAP(r1[c]));                                                   \
                    s = OP##_ONE(s, MAP(r2[c]));                                                   \
                    sum[c] = OP##_ONE(s, MAP(r3[c]));                                              \
                }                                                                                  \
            }                                                                                      \
            for (; i < end; i++) {                                                                 \
                const T *r0 = x + i * stride;                                                      \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t c = 0; c < width; c++) sum[c] = OP##_ONE(sum[c], MAP(r0[c]));          \
            }                                                                                      \
            if (first > 0) {                                                                       \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t c = 0; c < width; c++) out[c] = OP##_ONE(out[c], block[c]);            \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    void adj_##NAME##_##S(const T *x, T *y, size_t outer, size_t reduce, size_t inner) {           \
        const adj_reduction r = {sizeof(T), sizeof(T), NAME##_rows_##S, NAME##_columns_##S,        \
                                 NAME##_merge_##S};                                                \
        adj_reduce(&r, x, y, outer, reduce, inner);                                                \
    }

#define ADJ_REDUCTIONS(S, T)                                                                       \
    ADJ_REDUCTION(sum, S, T, 0, KEEP, ADD)                                                         \
    ADJ_REDUCTION(sumsq, S, T, 0, SQUARE, ADD)                                                     \
    ADJ_REDUCTION(prod, S, T, 1, KEEP, MULTIPLY)                                                   \
    ADJ_REDUCTION(reduce_max, S, T, -(T)INFINITY, KEEP, LARGER)                                    \
    ADJ_REDUCTION(reduce_min, S, T, (T)INFINITY, KEEP, SMALLER)

ADJ_REDUCTIONS(f32, float)
ADJ_REDUCTIONS(f64, double)
