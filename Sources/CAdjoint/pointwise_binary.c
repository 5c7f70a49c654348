//===--- pointwise_binary.c - loops over two inputs -------------------------------------------===//
//
// The usual strides have loops of their own: dense, and one side repeated.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_pointwise.h"
#include "multiversion.h"
#include "vectormath_angle.h"
#include "vectormath_f48.h"

#define ADJ_BINARY_LOOP(A, B, OUT, EXPRESSION)                                                     \
    ADJ_VECTOR_LOOP                                                                                \
    for (ptrdiff_t i = 0; i < n; i++) {                                                            \
        __typeof__(*a) u = A, v = B;                                                               \
        OUT = (__typeof__(*out))(EXPRESSION);                                                      \
    }

#define ADJ_BINARY_TO(NAME, SUFFIX, T, RESULT, EXPRESSION)                                         \
    ADJ_MULTIVERSION void adj_##NAME##_##SUFFIX(const T *a, ptrdiff_t sa, const T *b,              \
                                                ptrdiff_t sb, RESULT *out, ptrdiff_t so,           \
                                                ptrdiff_t n) {                                     \
        if (n <= 0) return;                                                                        \
        if (so == 1 && sa == 1 && sb == 1) {                                                       \
            ADJ_BINARY_LOOP(a[i], b[i], out[i], EXPRESSION)                                        \
        } else if (so == 1 && sa == 0 && sb == 1) {                                                \
            T first = *a;                                                                          \
            ADJ_BINARY_LOOP(first, b[i], out[i], EXPRESSION)                                       \
        } else if (so == 1 && sa == 1 && sb == 0) {                                                \
            T second = *b;                                                                         \
            ADJ_BINARY_LOOP(a[i], second, out[i], EXPRESSION)                                      \
        } else {                                                                                   \
            for (ptrdiff_t i = 0; i < n; i++) {                                                    \
                T u = a[i * sa], v = b[i * sb];                                                    \
                out[i * so] = (RESULT)(EXPRESSION);                                                \
            }                                                                                      \
        }                                                                                          \
    }

#define ADJ_BINARY(NAME, SUFFIX, T, EXPRESSION) ADJ_BINARY_TO(NAME, SUFFIX, T, T, EXPRESSION)

#define ADJ_ARITHMETIC_FLOAT(SUFFIX, T)                                                            \
    ADJ_BINARY(add, SUFFIX, T, u + v)                                                              \
    ADJ_BINARY(sub, SUFFIX, T, u - v)                                                              \
    ADJ_BINARY(mul, SUFFIX, T, u *v)                                                               \
    ADJ_BINARY(div, SUFFIX, T, u / v)                                                              \
    ADJ_BINARY(max, SUFFIX, T, ((u > v) | (u != u)) ? u : v)                                       \
    ADJ_BINARY(min, SUFFIX, T, ((u < v) | (u != u)) ? u : v)                                       \
    ADJ_BINARY(pow, SUFFIX, T, adj_core_pow_##SUFFIX(u, v))                                        \
    ADJ_BINARY(atan2, SUFFIX, T, adj_core_atan2_##SUFFIX(u, v))

// Through uint64_t, so that overflow wraps without undefined behaviour; the low bits are the same.
#define ADJ_ARITHMETIC_INTEGER(SUFFIX, T)                                                          \
    ADJ_BINARY(add, SUFFIX, T, (uint64_t)u + (uint64_t)v)                                          \
    ADJ_BINARY(sub, SUFFIX, T, (uint64_t)u - (uint64_t)v)                                          \
    ADJ_BINARY(mul, SUFFIX, T, (uint64_t)u *(uint64_t)v)                                           \
    ADJ_BINARY(max, SUFFIX, T, u > v ? u : v)                                                      \
    ADJ_BINARY(min, SUFFIX, T, u < v ? u : v)

ADJ_ARITHMETIC_FLOAT(f32, float)
ADJ_ARITHMETIC_FLOAT(f64, double)
ADJ_ARITHMETIC_INTEGER(i64, int64_t)
ADJ_ARITHMETIC_INTEGER(i32, int32_t)
ADJ_ARITHMETIC_INTEGER(i16, int16_t)
ADJ_ARITHMETIC_INTEGER(i8, int8_t)
ADJ_ARITHMETIC_INTEGER(u8, uint8_t)
