#ifndef ADJOINT_LAPACK_H
#define ADJOINT_LAPACK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Matrix factorisations by a LAPACK that is loaded when the first of them is asked for.
/// `ADJOINT_LAPACK` names another library. All matrices are column-major without gaps; sizes fit
/// an int. Each function returns LAPACK's `info`, or ADJ_LAPACK_MEMORY where memory ran out.

enum { ADJ_LAPACK_MEMORY = -1000000 };

/// NULL where a LAPACK is there, else why none is.
const char *adj_lapack_problem(void);

#define ADJ_LAPACK_FUNCTIONS(F, T)                                                               \
    /** A = L Lᵀ of the n x n matrix whose lower (or upper) triangle is read. The factor's        \
     *  triangle is written there; the other one is left. */                                     \
    int adj_potrf_##F(int upper, size_t n, T *a);                                                \
    /** A = P L U of an m x n matrix, in place; pivots count from 1. */                          \
    int adj_getrf_##F(size_t m, size_t n, T *a, int32_t *pivots);                                \
    /** Solves A X = B (or Aᵀ X = B) with what adj_getrf gave; B is n x count. */                \
    int adj_getrs_##F(int transposed, size_t n, size_t count, const T *lu, const int32_t *pivots, \
                      T *b);                                                                     \
    /** A = Q R of an m x n matrix, packed in place. */                                          \
    int adj_geqrf_##F(size_t m, size_t n, T *a, T *tau);                                         \
    /** The first `columns` columns of Q, m x columns, from what adj_geqrf packed in k of them. */ \
    int adj_orgqr_##F(size_t m, size_t columns, size_t k, T *a, const T *tau);                   \
    /** A = U diag(s) Vᵀ of an m x n matrix, which is overwritten. vectors: 0 none, 1 the first   \
     *  min(m, n), 2 all. */                                                                     \
    int adj_gesdd_##F(int vectors, size_t m, size_t n, T *a, T *s, T *u, T *vt);                 \
    /** Eigenvalues in rising order, and eigenvectors in place of the symmetric n x n matrix      \
     *  whose lower (or upper) triangle is read. */                                              \
    int adj_syevd_##F(int vectors, int upper, size_t n, T *a, T *w);                             \
    /** Overwrites the n x count row-major B by the solution of A X = B, for a row-major           \
     *  triangular A. It needs no LAPACK. */                                                     \
    void adj_trsm_##F(int upper, int unit, size_t n, size_t count, const T *a, T *b);

ADJ_LAPACK_FUNCTIONS(f32, float)
ADJ_LAPACK_FUNCTIONS(f64, double)

#ifdef __cplusplus
}
#endif

#endif
