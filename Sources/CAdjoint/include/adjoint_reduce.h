//===--- adjoint_reduce.h - reductions -------------------------------------------------------===//
//
// Data is a dense array [outer, reduce, inner]; results are [outer, inner]. Every function runs in
// parallel inside. The order of every sum depends on the three sizes alone, never on threads: lanes
// inside blocks, blocks in a balanced tree, so that the error grows with log(reduce).
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_REDUCE_H
#define ADJOINT_REDUCE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ADJ_DECLARE_REDUCTION(NAME)                                                                \
    void adj_##NAME##_f32(const float *x, float *y, size_t outer, size_t reduce, size_t inner);    \
    void adj_##NAME##_f64(const double *x, double *y, size_t outer, size_t reduce, size_t inner);

/// Σ x; 0 over nothing.
ADJ_DECLARE_REDUCTION(sum)
/// Σ x²; 0 over nothing.
ADJ_DECLARE_REDUCTION(sumsq)
/// Π x; 1 over nothing.
ADJ_DECLARE_REDUCTION(prod)
/// The largest element, NaN if there is one; -infinity over nothing.
ADJ_DECLARE_REDUCTION(reduce_max)
/// The smallest element, NaN if there is one; +infinity over nothing.
ADJ_DECLARE_REDUCTION(reduce_min)

/// The extreme and the position of its first occurrence; the first NaN wins. `y` may be null.
/// `reduce` must not be 0.
void adj_max_index_f32(const float *x, float *y, int64_t *index, size_t outer, size_t reduce,
                       size_t inner);
void adj_max_index_f64(const double *x, double *y, int64_t *index, size_t outer, size_t reduce,
                       size_t inner);
void adj_min_index_f32(const float *x, float *y, int64_t *index, size_t outer, size_t reduce,
                       size_t inner);
void adj_min_index_f64(const double *x, double *y, int64_t *index, size_t outer, size_t reduce,
                       size_t inner);

#define ADJ_DECLARE_INTEGER_REDUCTIONS(SUFFIX, T)                                                  \
    void adj_sum_##SUFFIX(const T *x, int64_t *y, size_t outer, size_t reduce, size_t inner);      \
    void adj_prod_##SUFFIX(const T *x, int64_t *y, size_t outer, size_t reduce, size_t inner);     \
    void adj_reduce_max_##SUFFIX(const T *x, T *y, size_t outer, size_t reduce, size_t inner);     \
    void adj_reduce_min_##SUFFIX(const T *x, T *y, size_t outer, size_t reduce, size_t inner);     \
    void adj_max_index_##SUFFIX(const T *x, T *y, int64_t *index, size_t outer, size_t reduce,     \
                                size_t inner);                                                     \
    void adj_min_index_##SUFFIX(const T *x, T *y, int64_t *index, size_t outer, size_t reduce,     \
                                size_t inner);

/// Integers: sums and products are int64 and wrap; extremes over nothing are the type's other end.
ADJ_DECLARE_INTEGER_REDUCTIONS(i64, int64_t)
ADJ_DECLARE_INTEGER_REDUCTIONS(i32, int32_t)
ADJ_DECLARE_INTEGER_REDUCTIONS(i16, int16_t)
ADJ_DECLARE_INTEGER_REDUCTIONS(i8, int8_t)
ADJ_DECLARE_INTEGER_REDUCTIONS(u8, uint8_t)

/// 1 where any byte is not 0; 0 over nothing.
void adj_any_u8(const uint8_t *x, uint8_t *y, size_t outer, size_t reduce, size_t inner);
/// 1 where no byte is 0; 1 over nothing.
void adj_all_u8(const uint8_t *x, uint8_t *y, size_t outer, size_t reduce, size_t inner);

#ifdef __cplusplus
}
#endif

#endif
