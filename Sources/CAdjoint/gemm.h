#ifndef ADJOINT_GEMM_PRIVATE_H
#define ADJOINT_GEMM_PRIVATE_H

#include <stddef.h>
#include <string.h>

/// memcpy for short runs of a length known late: whole blocks, then one that overlaps the last.
__attribute__((always_inline)) static inline void adj_copy_run(void *to, const void *from,
                                                               size_t bytes) {
    char *a = to;
    const char *b = from;
#define ADJ_COPY_TWICE(N)                                             \
    if (bytes >= N) {                                                 \
        __builtin_memcpy(a, b, N);                                    \
        __builtin_memcpy(a + bytes - N, b + bytes - N, N);            \
        return;                                                       \
    }
    if (bytes > 128) {
        size_t i = 0;
        for (; i + 64 < bytes; i += 64) __builtin_memcpy(a + i, b + i, 64);
        __builtin_memcpy(a + bytes - 64, b + bytes - 64, 64);
        return;
    }
    ADJ_COPY_TWICE(64)
    ADJ_COPY_TWICE(32)
    ADJ_COPY_TWICE(16)
    ADJ_COPY_TWICE(8)
    ADJ_COPY_TWICE(4)
#undef ADJ_COPY_TWICE
}

/// The rows of the tallest micro-tile of any processor, and of the tallest wide one.
enum { adj_most_rows = 14, adj_wide_rows = 3 };

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
        /* Of the offset kind with more columns, [rows - 1]: few rows make few chains. */      \
        adj_kernel_##F wide[adj_wide_rows];                                                    \
        int wideVectors[adj_wide_rows];                                                        \
    } adj_kernels_##F;                                                                         \
    /* The kernels of this processor, chosen once. */                                          \
    const adj_kernels_##F *adj_gemm_kernels_##F(void);                                         \
    /* Set when a BLAS library was loaded. */                                                  \
    typedef void (*adj_blas_##F)(int order, int transA, int transB, int m, int n, int k,       \
                                 T alpha, const T *a, int lda, const T *b, int ldb, T beta,    \
                                 T *c, int ldc);                                               \
    adj_blas_##F adj_gemm_blas_##F(void);                                                      \
    /* dst[p * width + i] = src[i * ld + p] for i < rows and p < k; the other i are unspecified; */\
    /* and width is a multiple of 32 bytes. */                                                 \
    void adj_pack_across_##F(T *dst, size_t width, size_t rows, size_t k, const T *src,        \
                             size_t ld);                                                       \
    /* dst[p * width + i] = src[p * ld + i] for i < rows and p < k; the other i likewise. */   \
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
