//===--- vectormath_rows.h - sums and extremes of one dense row -------------------------------===//
//
// Four accumulators of 64 bytes, folded by halves, then the tail: the same order on every machine.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_VECTORMATH_ROWS_H
#define ADJOINT_VECTORMATH_ROWS_H

#include "vectormath.h"

/// Elements that are summed in lanes; the sums of blocks are added in double.
#define ADJ_ROW_BLOCK 4096

typedef float adj_vector_f32 __attribute__((vector_size(64), aligned(4)));
typedef double adj_vector_f64 __attribute__((vector_size(64), aligned(8)));

/// Declares the sum over i < n of EXPRESSION, which may use the elements `u` of x and `v` of w and
/// the scalar `c`; the same text serves vectors and single elements.
#define ADJ_ROW_SUM(NAME, S, T, EXPRESSION)                                                        \
    ADJ_INLINE T adj_block_##NAME##_##S(const T *x, const T *w, T c, size_t n) {                   \
        enum { lanes = 64 / sizeof(T) };                                                           \
        T total = 0;                                                                               \
        size_t i = 0;                                                                              \
        if (n >= lanes) {                                                                          \
            adj_vector_##S a[4] = {{0}, {0}, {0}, {0}};                                            \
            for (; i + 4 * lanes <= n; i += 4 * lanes) {                                           \
                for (int k = 0; k < 4; k++) {                                                      \
                    adj_vector_##S u = *(const adj_vector_##S *)(x + i + k * lanes);               \
                    adj_vector_##S v = *(const adj_vector_##S *)(w + i + k * lanes);               \
                    (void)v;                                                                       \
                    a[k] += (EXPRESSION);                                                          \
                }                                                                                  \
            }                                                                                      \
            for (; i + lanes <= n; i += lanes) {                                                   \
                adj_vector_##S u = *(const adj_vector_##S *)(x + i);                               \
                adj_vector_##S v = *(const adj_vector_##S *)(w + i);                               \
                (void)v;                                                                           \
                a[0] += (EXPRESSION);                                                              \
            }                                                                                      \
            a[0] = (a[0] + a[1]) + (a[2] + a[3]);                                                  \
            T lane[lanes];                                                                         \
            memcpy(lane, a, sizeof lane);                                                          \
            for (int half = lanes / 2; half > 0; half /= 2) {                                      \
                for (int k = 0; k < half; k++) lane[k] += lane[k + half];                          \
            }                                                                                      \
            total = lane[0];                                                                       \
        }                                                                                          \
        for (; i < n; i++) {                                                                       \
            T u = x[i], v = w[i];                                                                  \
            (void)v;                                                                               \
            total += (EXPRESSION);                                                                 \
        }                                                                                          \
        return total;                                                                              \
    }                                                                                              \
    ADJ_INLINE T adj_row_##NAME##_##S(const T *x, const T *w, T c, size_t n) {                     \
        if (n <= ADJ_ROW_BLOCK) return adj_block_##NAME##_##S(x, w, c, n);                         \
        double total = 0;                                                                          \
        for (size_t i = 0; i < n; i += ADJ_ROW_BLOCK) {                                            \
            size_t count = n - i < ADJ_ROW_BLOCK ? n - i : ADJ_ROW_BLOCK;                          \
            total += (double)adj_block_##NAME##_##S(x + i, w + i, c, count);                       \
        }                                                                                          \
        return (T)total;                                                                           \
    }

#define ADJ_ROW_FUNCTIONS(S, T, MASK)                                                              \
    ADJ_ROW_SUM(sum, S, T, u)                                                                      \
    ADJ_ROW_SUM(dot, S, T, u *v)                                                                   \
    /** Σ (x - c)². */                                                                             \
    ADJ_ROW_SUM(deviation, S, T, (u - c) * (u - c))                                                \
    /** Σ w (x - c). */                                                                            \
    ADJ_ROW_SUM(moment, S, T, v *(u - c))                                                          \
    /** The largest element; NaN if there is one; -infinity for none. */                           \
    ADJ_INLINE T adj_row_max_##S(const T *x, size_t n) {                                           \
        enum { lanes = 64 / sizeof(T) };                                                           \
        typedef MASK mask __attribute__((vector_size(64)));                                        \
        T best = -(T)INFINITY;                                                                     \
        size_t i = 0;                                                                              \
        if (n >= lanes) {                                                                          \
            adj_vector_##S a = *(const adj_vector_##S *)x;                                         \
            for (i = lanes; i + lanes <= n; i += lanes) {                                          \
                adj_vector_##S v = *(const adj_vector_##S *)(x + i);                               \
                mask keep = (mask)((a > v) | (a != a));                                            \
                a = (adj_vector_##S)((keep & (mask)a) | (~keep & (mask)v));                        \
            }                                                                                      \
            T lane[lanes];                                                                         \
            memcpy(lane, &a, sizeof lane);                                                         \
            for (int k = 0; k < lanes; k++) {                                                      \
                best = ((best > lane[k]) | (best != best)) ? best : lane[k];                       \
            }                                                                                      \
        }                                                                                          \
        for (; i < n; i++) best = ((best > x[i]) | (best != best)) ? best : x[i];                  \
        return best;                                                                               \
    }

ADJ_ROW_FUNCTIONS(f32, float, int32_t)
ADJ_ROW_FUNCTIONS(f64, double, int64_t)

#endif
