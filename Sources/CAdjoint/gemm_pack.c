// Copies of matrix pieces into the panels that micro-kernels read.

#include "gemm.h"
#include "multiversion.h"

#include <string.h>

typedef float float8 __attribute__((vector_size(32)));
typedef double double4 __attribute__((vector_size(32)));

// Rounds of perfect shuffles of rows i and i + L / 2 transpose an L x L block of vectors.
#define SHUFFLE8(lo, hi, x, y)                                           \
    lo = __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11);        \
    hi = __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15)
#define SHUFFLE4(lo, hi, x, y)                       \
    lo = __builtin_shufflevector(x, y, 0, 4, 1, 5);  \
    hi = __builtin_shufflevector(x, y, 2, 6, 3, 7)

#define DEFINE_PACK(T, F, V, L, SHUFFLE)                                                      \
    ADJ_MULTIVERSION void adj_pack_across_##F(T *dst, size_t width, size_t rows, size_t k,    \
                                              const T *src, size_t ld) {                      \
        size_t i = 0;                                                                         \
        for (; i + L <= rows; i += L) {                                                       \
            size_t p = 0;                                                                     \
            for (; p + L <= k; p += L) {                                                      \
                V v[L], w[L];                                                                 \
                for (int r = 0; r < L; r++) memcpy(&v[r], src + (i + r) * ld + p, sizeof v[r]); \
                for (int round = 1; round < L; round *= 2) {                                  \
                    for (int r = 0; r < L / 2; r++) {                                         \
                        SHUFFLE(w[2 * r], w[2 * r + 1], v[r], v[r + L / 2]);                  \
                    }                                                                         \
                    for (int r = 0; r < L; r++) v[r] = w[r];                                  \
                }                                                                             \
                for (int r = 0; r < L; r++) {                                                 \
                    memcpy(dst + (p + r) * width + i, &v[r], sizeof v[r]);                    \
                }                                                                             \
            }                                                                                 \
            for (; p < k; p++) {                                                              \
                for (int r = 0; r < L; r++) dst[p * width + i + r] = src[(i + r) * ld + p];   \
            }                                                                                 \
        }                                                                                     \
        for (; i < rows; i++) {                                                               \
            for (size_t p = 0; p < k; p++) dst[p * width + i] = src[i * ld + p];              \
        }                                                                                     \
        for (; i < width; i++) {                                                              \
            for (size_t p = 0; p < k; p++) dst[p * width + i] = 0;                            \
        }                                                                                     \
    }                                                                                         \
    ADJ_MULTIVERSION void adj_pack_along_##F(T *dst, size_t width, size_t rows, size_t k,     \
                                             const T *src, size_t ld) {                       \
        size_t whole = rows == width ? width / L * L : 0;                                     \
        for (size_t p = 0; p < k; p++) {                                                      \
            const T *from = src + p * ld;                                                     \
            T *to = dst + p * width;                                                          \
            for (size_t i = 0; i < whole; i += L) {                                           \
                V v;                                                                          \
                memcpy(&v, from + i, sizeof v);                                               \
                memcpy(to + i, &v, sizeof v);                                                 \
            }                                                                                 \
            for (size_t i = whole; i < width; i++) to[i] = i < rows ? from[i] : 0;            \
        }                                                                                     \
    }

DEFINE_PACK(float, f32, float8, 8, SHUFFLE8)
DEFINE_PACK(double, f64, double4, 4, SHUFFLE4)
