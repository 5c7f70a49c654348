// Micro-kernels of 14 rows and two 512-bit vectors: 28 of 32 registers hold sums.

#include "gemm.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define ISA avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define ROWS 14
#define FUSED 1

#define T float
#define F f32
#define TABLE_TYPE adj_kernels_f32
#define TABLE_NAME adj_kernels_avx512_f32
#define V __m512
#define LANES 16
#define MASK __mmask16
#define MASK_OF(n) ((n) >= 16 ? (__mmask16)0xffff : (n) <= 0 ? 0 : (__mmask16)((1u << (n)) - 1))
#define LOAD(p) _mm512_loadu_ps(p)
#define LOAD_MASKED(p, m) _mm512_maskz_loadu_ps(m, p)
#define STORE(p, v) _mm512_storeu_ps(p, v)
#define STORE_MASKED(p, m, v) _mm512_mask_storeu_ps(p, m, v)
#define SPLAT(x) _mm512_set1_ps(x)
#define FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define MUL(a, b) _mm512_mul_ps(a, b)
#include "gemm_kernel.h"

#define T double
#define F f64
#define TABLE_TYPE adj_kernels_f64
#define TABLE_NAME adj_kernels_avx512_f64
#define V __m512d
#define LANES 8
#define MASK __mmask8
#define MASK_OF(n) ((n) >= 8 ? (__mmask8)0xff : (n) <= 0 ? 0 : (__mmask8)((1u << (n)) - 1))
#define LOAD(p) _mm512_loadu_pd(p)
#define LOAD_MASKED(p, m) _mm512_maskz_loadu_pd(m, p)
#define STORE(p, v) _mm512_storeu_pd(p, v)
#define STORE_MASKED(p, m, v) _mm512_mask_storeu_pd(p, m, v)
#define SPLAT(x) _mm512_set1_pd(x)
#define FMA(a, b, c) _mm512_fmadd_pd(a, b, c)
#define MUL(a, b) _mm512_mul_pd(a, b)
#include "gemm_kernel.h"

#endif
