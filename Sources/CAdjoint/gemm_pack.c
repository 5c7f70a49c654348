// Copies of matrix pieces into the panels that micro-kernels read.

#include "gemm.h"
#include "multiversion.h"

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
        for (size_t i = 0; i < rows; i += L) {                                                \
            const T *row[L];                                                                  \
            for (size_t r = 0; r < L; r++) row[r] = src + (i + r < rows ? i + r : i) * ld;    \
            T *to = dst + i;                                                                  \
            size_t p = 0;                                                                     \
            for (; p + L <= k; p += L) {                                                      \
                V v[L], w[L];                                                                 \
                for (int r = 0; r < L; r++) memcpy(&v[r], row[r] + p, sizeof v[r]);           \
                for (int round = 1; round < L; round *= 2) {                                  \
                    for (int r = 0; r < L / 2; r++) {                                         \
                        SHUFFLE(w[2 * r], w[2 * r + 1], v[r], v[r + L / 2]);                  \
                    }                                                                         \
                    for (int r = 0; r < L; r++) v[r] = w[r];                                  \
                }                                                                             \
                for (int r = 0; r < L; r++) memcpy(to + (p + r) * width, &v[r], sizeof v[r]); \
            }                                                                                 \
            for (; p < k; p++) {                                                              \
                for (int r = 0; r < L; r++) to[p * width + r] = row[r][p];                    \
            }                                                                                 \
        }                                                                                     \
    }                                                                                         \
    ADJ_MULTIVERSION void adj_pack_along_##F(T *dst, size_t width, size_t rows, size_t k,     \
                                             const T *src, size_t ld) {                       \
        for (size_t p = 0; p < k; p++) {                                                      \
            adj_copy_run(dst + p * width, src + p * ld, rows * sizeof(T));                    \
        }                                                                                     \
    }

DEFINE_PACK(float, f32, float8, 8, SHUFFLE8)
DEFINE_PACK(double, f64, double4, 4, SHUFFLE4)
