// Micro-kernels over 128-bit vectors of the compiler's own, for SSE2, NEON and what comes.

#include "gemm.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define ISA portable
#define TARGET
#if defined(__aarch64__)
#define ROWS 14
#else
#define ROWS 6
#endif

#if defined(__aarch64__) || defined(__FMA__)
#define FUSED 1
#define MULTIPLY_ADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define FUSED 0
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

typedef float float4 __attribute__((vector_size(16)));
typedef double double2 __attribute__((vector_size(16)));

#define DEFINE_ACCESS(S, W)                                             \
    __attribute__((always_inline)) static inline W load_##W(const S *p) { \
        W v;                                                            \
        memcpy(&v, p, sizeof v);                                        \
        return v;                                                       \
    }                                                                   \
    __attribute__((always_inline)) static inline void store_##W(S *p, W v) { \
        memcpy(p, &v, sizeof v);                                        \
    }                                                                   \
    static inline W load_some_##W(const S *p, int n) {                  \
        W v = {0};                                                      \
        for (int i = 0; i < n && i < (int)(sizeof v / sizeof(S)); i++) v[i] = p[i]; \
        return v;                                                       \
    }                                                                   \
    static inline void store_some_##W(S *p, int n, W v) {               \
        for (int i = 0; i < n && i < (int)(sizeof v / sizeof(S)); i++) p[i] = v[i]; \
    }
DEFINE_ACCESS(float, float4)
DEFINE_ACCESS(double, double2)

#define T float
#define F f32
#define TABLE_TYPE adj_kernels_f32
#define TABLE_NAME adj_kernels_portable_f32
#define V float4
#define LANES 4
#define MASK int
#define MASK_OF(n) (n)
#define LOAD(p) load_float4(p)
#define LOAD_MASKED(p, m) load_some_float4(p, m)
#define STORE(p, v) store_float4(p, v)
#define STORE_MASKED(p, m, v) store_some_float4(p, m, v)
#define SPLAT(x) ((float4){(x), (x), (x), (x)})
#define FMA(a, b, c) MULTIPLY_ADD(a, b, c)
#define MUL(a, b) ((a) * (b))
#include "gemm_kernel.h"

#define T double
#define F f64
#define TABLE_TYPE adj_kernels_f64
#define TABLE_NAME adj_kernels_portable_f64
#define V double2
#define LANES 2
#define MASK int
#define MASK_OF(n) (n)
#define LOAD(p) load_double2(p)
#define LOAD_MASKED(p, m) load_some_double2(p, m)
#define STORE(p, v) store_double2(p, v)
#define STORE_MASKED(p, m, v) store_some_double2(p, m, v)
#define SPLAT(x) ((double2){(x), (x)})
#define FMA(a, b, c) MULTIPLY_ADD(a, b, c)
#define MUL(a, b) ((a) * (b))
#include "gemm_kernel.h"
