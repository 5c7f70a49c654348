#ifndef ADJOINT_GEMM_H
#define ADJOINT_GEMM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// C = alpha * op(A) * op(B) + beta * C, all row-major; op transposes where its flag is nonzero.
/// op(A) is m x k, op(B) is k x n, C is m x n; lda, ldb and ldc are distances between stored rows.
/// With beta == 0, C is written and never read. Results do not depend on the number of threads.
void adj_gemm_f32(int transA, int transB, size_t m, size_t n, size_t k, float alpha,
                  const float *a, size_t lda, const float *b, size_t ldb, float beta, float *c,
                  size_t ldc);

/// `adj_gemm_f32` in double precision.
void adj_gemm_f64(int transA, int transB, size_t m, size_t n, size_t k, double alpha,
                  const double *a, size_t lda, const double *b, size_t ldb, double beta, double *c,
                  size_t ldc);

/// `batch` products; the i-th takes A, B and C at i times their stride (0: shared by all).
void adj_gemm_batched_f32(size_t batch, ptrdiff_t strideA, ptrdiff_t strideB, ptrdiff_t strideC,
                          int transA, int transB, size_t m, size_t n, size_t k, float alpha,
                          const float *a, size_t lda, const float *b, size_t ldb, float beta,
                          float *c, size_t ldc);

/// `adj_gemm_batched_f32` in double precision.
void adj_gemm_batched_f64(size_t batch, ptrdiff_t strideA, ptrdiff_t strideB, ptrdiff_t strideC,
                          int transA, int transB, size_t m, size_t n, size_t k, double alpha,
                          const double *a, size_t lda, const double *b, size_t ldb, double beta,
                          double *c, size_t ldc);

/// Loads a BLAS library and sends later products to it. NULL means libopenblas.so.0
/// (Accelerate on Apple platforms). Returns nonzero on success; otherwise writes why not.
int adj_blas_load(const char *library, char *error, size_t errorSize);

/// What computes the products: "own (avx512)", "own (avx2)", "own (portable)", or a library's name.
const char *adj_gemm_provider(void);

#ifdef __cplusplus
}
#endif

#endif
