//===--- copy_cast.c - conversions between element types --------------------------------------===//
//
// Halves are converted by integer arithmetic on their bits, so that each clone gives the same bits
// and no runtime routine is called.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_copy.h"
#include "multiversion.h"
#include "vectormath.h"

typedef struct { uint16_t bits; } half;
typedef struct { uint16_t bits; } bfloat;
typedef struct { uint8_t byte; } boolean;

ADJ_INLINE float from_half(uint16_t h) {
    uint32_t magnitude = (uint32_t)(h & 0x7fff) << 13;
    // Rebiased by a product: exact, subnormals included.
    float scaled = adj_from_bits_f32(magnitude) * 0x1p112f;
    uint32_t bits = adj_bits_f32(scaled);
    bits = magnitude >= 0x0f800000u ? magnitude | 0x7f800000u : bits;
    return adj_from_bits_f32(bits | (uint32_t)(h & 0x8000) << 16);
}

ADJ_INLINE uint16_t to_half(float x) {
    uint32_t bits = adj_bits_f32(x), sign = bits & 0x80000000u, a = bits ^ sign;
    // Normal: add half a unit less one, plus the last bit kept. Subnormal: let an addition round.
    uint32_t normal = (a + 0xfffu + ((a >> 13) & 1) - 0x38000000u) >> 13;
    uint32_t subnormal = adj_bits_f32(adj_from_bits_f32(a) + 0.5f) - 0x3f000000u;
    uint32_t h = a < 0x38800000u ? subnormal : normal;
    h = a >= 0x477ff000u ? 0x7c00u : h;
    h = a > 0x7f800000u ? 0x7e00u | (a >> 13 & 0x3ffu) : h;
    return (uint16_t)(h | sign >> 16);
}

ADJ_INLINE float from_bfloat(uint16_t b) { return adj_from_bits_f32((uint32_t)b << 16); }

ADJ_INLINE uint16_t to_bfloat(float x) {
    uint32_t bits = adj_bits_f32(x);
    uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1)) >> 16;
    return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? bits >> 16 | 0x40u : rounded);
}

/// To float32 with rounding to odd, so that only the second rounding, to a half, counts.
ADJ_INLINE float to_odd(double x) {
    float f = (float)x;
    double back = (double)f;
    uint32_t bits = adj_bits_f32(f);
    // Back to the truncation, then its last bit set where digits were lost.
    uint32_t truncated = adj_abs(back) > adj_abs(x) ? bits - 1 : bits;
    return adj_from_bits_f32(back != x && x == x ? truncated | 1 : bits);
}

// Reading: the value as the widest type that its destination may need.
ADJ_INLINE float read_float(float x) { return x; }
ADJ_INLINE double read_double(double x) { return x; }
ADJ_INLINE float read_half(half x) { return from_half(x.bits); }
ADJ_INLINE float read_bfloat(bfloat x) { return from_bfloat(x.bits); }
ADJ_INLINE int64_t read_int64_t(int64_t x) { return x; }
ADJ_INLINE int32_t read_int32_t(int32_t x) { return x; }
ADJ_INLINE int32_t read_int16_t(int16_t x) { return x; }
ADJ_INLINE int32_t read_int8_t(int8_t x) { return x; }
ADJ_INLINE int32_t read_uint8_t(uint8_t x) { return x; }
ADJ_INLINE int32_t read_boolean(boolean x) { return x.byte != 0; }

ADJ_INLINE int64_t double_to_int64(double x) {
    return x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN;
}

ADJ_INLINE int64_t float_to_int64(float x) {
    return x >= -0x1p63f && x < 0x1p63f ? (int64_t)x : INT64_MIN;
}

ADJ_INLINE int32_t double_to_int32(double x) {
    return x > -0x1.00000002p31 && x < 0x1p31 ? (int32_t)x : INT32_MIN;
}

ADJ_INLINE int32_t float_to_int32(float x) {
    return x >= -0x1p31f && x < 0x1p31f ? (int32_t)x : INT32_MIN;
}

#define TO_INT64(v)                                                                                \
    _Generic((v), double: double_to_int64, float: float_to_int64, default: keep_int64)(v)
#define TO_INT32(v)                                                                                \
    _Generic((v), double: double_to_int32, float: float_to_int32, default: keep_int32)(v)

ADJ_INLINE int64_t keep_int64(int64_t x) { return x; }
ADJ_INLINE int32_t keep_int32(int64_t x) { return (int32_t)(uint32_t)(uint64_t)x; }

// Writing, by destination.
#define write_float(v) ((float)(v))
#define write_double(v) ((double)(v))
#define write_half(v) ((half){to_half(narrow(v))})
#define write_bfloat(v) ((bfloat){to_bfloat(narrow(v))})
#define write_int64_t(v) TO_INT64(v)
#define write_int32_t(v) TO_INT32(v)
#define write_int16_t(v) ((int16_t)(uint16_t)(uint32_t)TO_INT32(v))
#define write_int8_t(v) ((int8_t)(uint8_t)(uint32_t)TO_INT32(v))
#define write_uint8_t(v) ((uint8_t)(uint32_t)TO_INT32(v))
#define write_boolean(v) ((boolean){(v) != 0})
#define narrow(v) _Generic((v), double: to_odd, float: keep_float, default: integer_to_float)(v)

ADJ_INLINE float keep_float(float x) { return x; }
ADJ_INLINE float integer_to_float(int64_t x) { return (float)x; }

#define ADJ_CAST(S, D)                                                                             \
    ADJ_MULTIVERSION static void cast_##S##_##D(const void *from, void *to, ptrdiff_t n) {         \
        const S *src = from;                                                                       \
        D *dst = to;                                                                               \
        ADJ_VECTOR_LOOP                                                                            \
        for (ptrdiff_t i = 0; i < n; i++) dst[i] = write_##D(read_##S(src[i]));                    \
    }

#define ADJ_CASTS_FROM(S)                                                                          \
    ADJ_CAST(S, float)                                                                             \
    ADJ_CAST(S, double)                                                                            \
    ADJ_CAST(S, half)                                                                              \
    ADJ_CAST(S, bfloat)                                                                            \
    ADJ_CAST(S, int64_t)                                                                           \
    ADJ_CAST(S, int32_t)                                                                           \
    ADJ_CAST(S, int16_t)                                                                           \
    ADJ_CAST(S, int8_t)                                                                            \
    ADJ_CAST(S, uint8_t)                                                                           \
    ADJ_CAST(S, boolean)

ADJ_CASTS_FROM(float)
ADJ_CASTS_FROM(double)
ADJ_CASTS_FROM(half)
ADJ_CASTS_FROM(bfloat)
ADJ_CASTS_FROM(int64_t)
ADJ_CASTS_FROM(int32_t)
ADJ_CASTS_FROM(int16_t)
ADJ_CASTS_FROM(int8_t)
ADJ_CASTS_FROM(uint8_t)
ADJ_CASTS_FROM(boolean)

#define ADJ_CAST_CASES(S)                                                                          \
    switch ((enum adj_dtype)dstType) {                                                             \
    case ADJ_F32: cast_##S##_float(src, dst, n); return;                                           \
    case ADJ_F64: cast_##S##_double(src, dst, n); return;                                          \
    case ADJ_F16: cast_##S##_half(src, dst, n); return;                                            \
    case ADJ_BF16: cast_##S##_bfloat(src, dst, n); return;                                         \
    case ADJ_I64: cast_##S##_int64_t(src, dst, n); return;                                         \
    case ADJ_I32: cast_##S##_int32_t(src, dst, n); return;                                         \
    case ADJ_I16: cast_##S##_int16_t(src, dst, n); return;                                         \
    case ADJ_I8: cast_##S##_int8_t(src, dst, n); return;                                           \
    case ADJ_U8: cast_##S##_uint8_t(src, dst, n); return;                                          \
    case ADJ_BOOL: cast_##S##_boolean(src, dst, n); return;                                        \
    }                                                                                              \
    return;

void adj_cast(int srcType, const void *src, int dstType, void *dst, ptrdiff_t n) {
    switch ((enum adj_dtype)srcType) {
    case ADJ_F32: ADJ_CAST_CASES(float)
    case ADJ_F64: ADJ_CAST_CASES(double)
    case ADJ_F16: ADJ_CAST_CASES(half)
    case ADJ_BF16: ADJ_CAST_CASES(bfloat)
    case ADJ_I64: ADJ_CAST_CASES(int64_t)
    case ADJ_I32: ADJ_CAST_CASES(int32_t)
    case ADJ_I16: ADJ_CAST_CASES(int16_t)
    case ADJ_I8: ADJ_CAST_CASES(int8_t)
    case ADJ_U8: ADJ_CAST_CASES(uint8_t)
    case ADJ_BOOL: ADJ_CAST_CASES(boolean)
    }
}
