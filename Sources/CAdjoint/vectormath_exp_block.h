//===--- vectormath_exp_block.h - exponentials of rows, less their extremes -------------------===//

#ifndef ADJOINT_VECTORMATH_EXP_BLOCK_H
#define ADJOINT_VECTORMATH_EXP_BLOCK_H

#include "vectormath_f32.h"
#include "vectormath_f64.h"
#include "vectormath_rows.h"

/// Exponentials that are held at a time.
#define ADJ_EXP_BLOCK 512
/// Rows up to this length run in groups, so that their exponentials fill whole vectors.
#define ADJ_SHORT_ROW 64

#define ADJ_EXP_FUNCTIONS(S, T)                                                                    \
    /** e = exp(x - c) for n <= ADJ_EXP_BLOCK, and its sum. */                                     \
    ADJ_INLINE T adj_exp_block_##S(const T *x, T c, size_t n, T *e) {                              \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t i = 0; i < n; i++) e[i] = adj_core_exp_##S(x[i] - c);                          \
        return adj_row_sum_##S(e, e, 0, n);                                                        \
    }                                                                                              \
    /** Σ exp(x - c) for any n. */                                                                 \
    ADJ_INLINE T adj_exp_sum_##S(const T *x, T c, size_t n) {                                      \
        T e[ADJ_EXP_BLOCK];                                                                        \
        double total = 0;                                                                          \
        for (size_t begin = 0; begin < n; begin += ADJ_EXP_BLOCK) {                                \
            size_t count = n - begin < ADJ_EXP_BLOCK ? n - begin : ADJ_EXP_BLOCK;                  \
            total += (double)adj_exp_block_##S(x + begin, c, count, e);                            \
        }                                                                                          \
        return (T)total;                                                                           \
    }                                                                                              \
    /** For `rows` short rows, rows n <= ADJ_EXP_BLOCK: their extremes m, e = exp(x - m), and its  \
        sums. */                                                                                   \
    ADJ_INLINE void adj_exp_rows_##S(const T *x, size_t rows, size_t n, T *m, T *sum, T *e) {      \
        for (size_t r = 0; r < rows; r++) {                                                        \
            m[r] = adj_row_max_##S(x + r * n, n);                                                  \
            _Pragma("clang loop vectorize(disable)")                                               \
            for (size_t i = 0; i < n; i++) e[r * n + i] = x[r * n + i] - m[r];                     \
        }                                                                                          \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t i = 0; i < rows * n; i++) e[i] = adj_core_exp_##S(e[i]);                       \
        for (size_t r = 0; r < rows; r++) sum[r] = adj_row_sum_##S(e + r * n, e, 0, n);            \
    }

ADJ_EXP_FUNCTIONS(f32, float)
ADJ_EXP_FUNCTIONS(f64, double)

#endif
