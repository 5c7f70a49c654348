// Micro-kernels of 6 rows and two 256-bit vectors: 12 of 16 registers hold sums.

#include "gemm.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define ISA avx2
#define TARGET __attribute__((target("avx2,fma")))
#define ROWS 6
#define FUSED 1

/// All ones in the first n of eight 32-bit lanes.
TARGET __attribute__((always_inline)) static inline __m256i mask32(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/// All ones in the first n of four 64-bit lanes.
TARGET __attribute__((always_inline)) static inline __m256i mask64(int n) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), _mm256_setr_epi64x(0, 1, 2, 3));
}

#define T float
#define F f32
#define TABLE_TYPE adj_kernels_f32
#define TABLE_NAME adj_kernels_avx2_f32
#define V __m256
#define LANES 8
#define MASK __m256i
#define MASK_OF(n) mask32(n)
#define LOAD(p) _mm256_loadu_ps(p)
#define LOAD_MASKED(p, m) _mm256_maskload_ps(p, m)
#define STORE(p, v) _mm256_storeu_ps(p, v)
#define STORE_MASKED(p, m, v) _mm256_maskstore_ps(p, m, v)
#define SPLAT(x) _mm256_set1_ps(x)
#define FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define MUL(a, b) _mm256_mul_ps(a, b)
#include "gemm_kernel.h"

#define T double
#define F f64
#define TABLE_TYPE adj_kernels_f64
#define TABLE_NAME adj_kernels_avx2_f64
#define V __m256d
#define LANES 4
#define MASK __m256i
#define MASK_OF(n) mask64(n)
#define LOAD(p) _mm256_loadu_pd(p)
#define LOAD_MASKED(p, m) _mm256_maskload_pd(p, m)
#define STORE(p, v) _mm256_storeu_pd(p, v)
#define STORE_MASKED(p, m, v) _mm256_maskstore_pd(p, m, v)
#define SPLAT(x) _mm256_set1_pd(x)
#define FMA(a, b, c) _mm256_fmadd_pd(a, b, c)
#define MUL(a, b) _mm256_mul_pd(a, b)
#include "gemm_kernel.h"

#endif
