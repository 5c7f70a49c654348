//===--- pointwise_select.c - comparisons, selection, fused arithmetic ------------------------===//

#include "adjoint_pointwise.h"
#include "multiversion.h"
#include "vectormath.h"

#define ADJ_COMPARE(NAME, SUFFIX, T, OPERATOR)                                                     \
    ADJ_MULTIVERSION void adj_##NAME##_##SUFFIX(const T *a, ptrdiff_t sa, const T *b,              \
                                                ptrdiff_t sb, uint8_t *out, ptrdiff_t so,          \
                                                ptrdiff_t n) {                                     \
        if (n <= 0) return;                                                                        \
        if (so == 1 && sa == 1 && sb == 1) {                                                       \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < n; i++) out[i] = a[i] OPERATOR b[i];                         \
        } else if (so == 1 && sa == 0 && sb == 1) {                                                \
            T first = *a;                                                                          \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < n; i++) out[i] = first OPERATOR b[i];                        \
        } else if (so == 1 && sa == 1 && sb == 0) {                                                \
            T second = *b;                                                                         \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < n; i++) out[i] = a[i] OPERATOR second;                       \
        } else {                                                                                   \
            for (ptrdiff_t i = 0; i < n; i++) out[i * so] = a[i * sa] OPERATOR b[i * sb];          \
        }                                                                                          \
    }

#define ADJ_COMPARISONS(SUFFIX, T)                                                                 \
    ADJ_COMPARE(eq, SUFFIX, T, ==)                                                                 \
    ADJ_COMPARE(ne, SUFFIX, T, !=)                                                                 \
    ADJ_COMPARE(lt, SUFFIX, T, <)                                                                  \
    ADJ_COMPARE(le, SUFFIX, T, <=)                                                                 \
    ADJ_COMPARE(gt, SUFFIX, T, >)                                                                  \
    ADJ_COMPARE(ge, SUFFIX, T, >=)

ADJ_COMPARISONS(f32, float)
ADJ_COMPARISONS(f64, double)
ADJ_COMPARISONS(i64, int64_t)
ADJ_COMPARISONS(i32, int32_t)
ADJ_COMPARISONS(i16, int16_t)
ADJ_COMPARISONS(i8, int8_t)
ADJ_COMPARISONS(u8, uint8_t)

#define ADJ_WHERE(BITS)                                                                            \
    ADJ_MULTIVERSION void adj_where_##BITS(const uint8_t *c, ptrdiff_t sc, const void *x,          \
                                           ptrdiff_t sa, const void *y, ptrdiff_t sb, void *z,     \
                                           ptrdiff_t so, ptrdiff_t n) {                            \
        const uint##BITS##_t *a = x, *b = y;                                                       \
        uint##BITS##_t *out = z;                                                                   \
        if (n <= 0) return;                                                                        \
        if (so == 1 && sc == 1 && sa == 1 && sb == 1) {                                            \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < n; i++) {                                                    \
                uint##BITS##_t u = a[i], v = b[i];                                                 \
                out[i] = c[i] != 0 ? u : v;                                                        \
            }                                                                                      \
        } else if (so == 1 && sc == 1 && sa == 0 && sb == 1) {                                     \
            uint##BITS##_t u = *a;                                                                 \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < n; i++) {                                                    \
                uint##BITS##_t v = b[i];                                                           \
                out[i] = c[i] != 0 ? u : v;                                                        \
            }                                                                                      \
        } else if (so == 1 && sc == 1 && sa == 1 && sb == 0) {                                     \
            uint##BITS##_t v = *b;                                                                 \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < n; i++) {                                                    \
                uint##BITS##_t u = a[i];                                                           \
                out[i] = c[i] != 0 ? u : v;                                                        \
            }                                                                                      \
        } else {                                                                                   \
            for (ptrdiff_t i = 0; i < n; i++) {                                                    \
                out[i * so] = c[i * sc] != 0 ? a[i * sa] : b[i * sb];                              \
            }                                                                                      \
        }                                                                                          \
    }

ADJ_WHERE(8)
ADJ_WHERE(16)
ADJ_WHERE(32)
ADJ_WHERE(64)

#define ADJ_FUSED(SUFFIX, T)                                                                       \
    ADJ_MULTIVERSION void adj_axpby_##SUFFIX(T alpha, const T *x, T beta, const T *y, T *out,      \
                                             ptrdiff_t n) {                                        \
        ADJ_VECTOR_LOOP                                                                            \
        for (ptrdiff_t i = 0; i < n; i++) out[i] = adj_fma(alpha, x[i], beta * y[i]);              \
    }                                                                                              \
    ADJ_MULTIVERSION void adj_add_scaled_##SUFFIX(const T *a, const T *b, T alpha, T *out,         \
                                                  ptrdiff_t n) {                                   \
        ADJ_VECTOR_LOOP                                                                            \
        for (ptrdiff_t i = 0; i < n; i++) out[i] = adj_fma(alpha, b[i], a[i]);                     \
    }                                                                                              \
    ADJ_MULTIVERSION void adj_clamp_##SUFFIX(const T *x, T lo, T hi, T *y, ptrdiff_t n) {          \
        ADJ_VECTOR_LOOP                                                                            \
        for (ptrdiff_t i = 0; i < n; i++) {                                                        \
            T v = x[i];                                                                            \
            v = v < lo ? lo : v;                                                                   \
            y[i] = v > hi ? hi : v;                                                                \
        }                                                                                          \
    }

ADJ_FUSED(f32, float)
ADJ_FUSED(f64, double)
