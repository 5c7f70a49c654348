#ifndef ADJOINT_GEMM_PRIVATE_H
#define ADJOINT_GEMM_PRIVATE_H

#include <stddef.h>

/// The rows of the tallest micro-tile of any processor.
enum { adj_most_rows = 14 };

// A micro-kernel computes a tile of C of a fixed number of rows and at most 2 vectors of columns:
// C = alpha * A * B + beta * C, where A[i, p] is a[i * rsa + p * csa] and row p of B begins at
// b + p * rsb, or at b + offsets[p] for the kernels that take offsets.
// Every element is one chain of fused multiply-adds over p, whatever the tile's size.
#define ADJ_DECLARE_KERNELS(T, F)                                                              \
    typedef void (*adj_kernel_##F)(size_t k, const T *a, ptrdiff_t rsa, ptrdiff_t csa,         \
                                   const T *b, ptrdiff_t rsb, const ptrdiff_t *offsets, T *c,  \
                                   ptrdiff_t ldc, int cols, T alpha, T beta);                  \
    typedef struct {                                                                           \
        int rows, lanes;    /* of the tallest tile; of one vector */                           \
        int panel;          /* distance of columns in a packed panel of A */                   \
        int fused;                                                                             \
        /* [rows - 1][0: cols == 2 * lanes, 1: fewer, 2: cols <= lanes] */                     \
        adj_kernel_##F packed[adj_most_rows][3];   /* rsa is 1 */                              \
        adj_kernel_##F strided[adj_most_rows][3];                                              \
        adj_kernel_##F offset[adj_most_rows][3];   /* rsa is 1; rows of B by offsets */        \
    } adj_kernels_##F;                                                                         \
    /* The kernels of this processor, chosen once. */                                          \
    const adj_kernels_##F *adj_gemm_kernels_##F(void);                                         \
    /* Set when a BLAS library was loaded. */                                                  \
    typedef void (*adj_blas_##F)(int order, int transA, int transB, int m, int n, int k,       \
                                 T alpha, const T *a, int lda, const T *b, int ldb, T beta,    \
                                 T *c, int ldc);                                               \
    adj_blas_##F adj_gemm_blas_##F(void);                                                      \
    /* dst[p * width + i] = src[i * ld + p] for i < rows and p < k; zero for the other i. */   \
    void adj_pack_across_##F(T *dst, size_t width, size_t rows, size_t k, const T *src,        \
                             size_t ld);                                                       \
    /* dst[p * width + i] = src[p * ld + i] for i < rows and p < k; zero for the other i. */   \
    void adj_pack_along_##F(T *dst, size_t width, size_t rows, size_t k, const T *src,         \
                            size_t ld);                                                        \
    /* y = alpha * op(A) x + beta * y, with x and y of any step between elements. */           \
    void adj_gemv_##F(int trans, size_t rows, size_t cols, T alpha, const T *a, size_t lda,    \
                      const T *x, size_t stepX, T beta, T *y, size_t stepY);

ADJ_DECLARE_KERNELS(float, f32)
ADJ_DECLARE_KERNELS(double, f64)

#if defined(__x86_64__)
extern const adj_kernels_f32 adj_kernels_avx512_f32, adj_kernels_avx2_f32;
extern const adj_kernels_f64 adj_kernels_avx512_f64, adj_kernels_avx2_f64;
#endif
extern const adj_kernels_f32 adj_kernels_portable_f32;
extern const adj_kernels_f64 adj_kernels_portable_f64;

#endif
