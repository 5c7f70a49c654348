// The micro-kernel, written once for every vector width. The file that includes it defines
//   T, F           the element's type, and its suffix
//   ISA, TARGET    an infix, and the attribute that allows the instructions
//   TABLE_TYPE, TABLE_NAME   the table of kernels to define
//   FUSED          whether FMA rounds once
//   V, LANES, ROWS a vector, its elements, the rows of the tallest tile
//   MASK, MASK_OF(n), LOAD, LOAD_MASKED(p, mask), STORE, STORE_MASKED(p, mask, v), SPLAT, FMA, MUL
// It is meant to be included more than once, and undefines what it was given.

#define JOIN_(a, b, c, d) a##b##_##c##d
#define JOIN(a, b, c, d) JOIN_(a, b, c, d)
#define KERNEL(suffix) JOIN(kernel_, F, ISA, suffix)

#pragma STDC FP_CONTRACT OFF

enum { KERNEL(_packed), KERNEL(_strided), KERNEL(_offset) };

/// Everything that is constant in a call is an argument; always inlined.
TARGET __attribute__((always_inline)) static inline void KERNEL(_body)(
    const int rows, const int vectors, const int masked, const int form, size_t k, const T *a,
    ptrdiff_t rsa, ptrdiff_t csa, const T *b, ptrdiff_t rsb, const ptrdiff_t *offsets, T *c,
    ptrdiff_t ldc, int cols, T alpha, T beta) {
    V sum[ROWS][8];
    MASK mask0 = MASK_OF(cols), mask1 = MASK_OF(cols - LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) sum[i][j] = SPLAT(0);
    }
    if (form != KERNEL(_strided)) rsa = 1;
    for (size_t p = 0; p < k; p++) {
        const T *row = form == KERNEL(_offset) ? b + offsets[p] : b;
        V right[8];
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) {
            right[j] = masked ? LOAD_MASKED(row + j * LANES, j ? mask1 : mask0)
                              : LOAD(row + j * LANES);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            V x = SPLAT(a[i * rsa]);
#pragma clang loop unroll(full)
            for (int j = 0; j < vectors; j++) sum[i][j] = FMA(x, right[j], sum[i][j]);
        }
        a += csa;
        b += rsb;
    }
    V va = SPLAT(alpha), vb = SPLAT(beta);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < vectors; j++) {
            T *at = c + i * ldc + j * LANES;
            V out;
            if (beta == 0) {
                out = MUL(va, sum[i][j]);
            } else {
                V old = masked ? LOAD_MASKED(at, j ? mask1 : mask0) : LOAD(at);
                out = FMA(va, sum[i][j], MUL(vb, old));
            }
            if (masked) STORE_MASKED(at, j ? mask1 : mask0, out);
            else STORE(at, out);
        }
    }
}

#define WIDE2 (ROWS > 6 ? 8 : 4)
#define DEFINE(R, FORM, SUFFIX, VECTORS, MASKED)                                               \
    TARGET static void KERNEL(_##FORM##_##R##SUFFIX)(                                          \
        size_t k, const T *a, ptrdiff_t rsa, ptrdiff_t csa, const T *b, ptrdiff_t rsb,         \
        const ptrdiff_t *offsets, T *c, ptrdiff_t ldc, int cols, T alpha, T beta) {            \
        KERNEL(_body)(R, VECTORS, MASKED, KERNEL(_##FORM), k, a, rsa, csa, b, rsb, offsets, c, \
                      ldc, cols, alpha, beta);                                                 \
    }
#define DEFINE_FORM(R, FORM)           \
    DEFINE(R, FORM, _full, 2, 0)       \
    DEFINE(R, FORM, _edge, 2, 1)       \
    DEFINE(R, FORM, _narrow, 1, 1)
#define DEFINE_ROWS(R)       \
    DEFINE_FORM(R, packed)   \
    DEFINE_FORM(R, strided)  \
    DEFINE_FORM(R, offset)
#define ENTRY(R, FORM) \
    {KERNEL(_##FORM##_##R##_full), KERNEL(_##FORM##_##R##_edge), KERNEL(_##FORM##_##R##_narrow)}

DEFINE_ROWS(1) DEFINE_ROWS(2) DEFINE_ROWS(3) DEFINE_ROWS(4) DEFINE_ROWS(5) DEFINE_ROWS(6)
DEFINE(1, offset, _wide, 8, 0)
DEFINE(2, offset, _wide, WIDE2, 0)
DEFINE(3, offset, _wide, 4, 0)
#if ROWS > 6
DEFINE_ROWS(7) DEFINE_ROWS(8) DEFINE_ROWS(9) DEFINE_ROWS(10)
DEFINE_ROWS(11) DEFINE_ROWS(12) DEFINE_ROWS(13) DEFINE_ROWS(14)
#define ENTRIES(FORM)                                                                   \
    {ENTRY(1, FORM), ENTRY(2, FORM), ENTRY(3, FORM), ENTRY(4, FORM), ENTRY(5, FORM),    \
     ENTRY(6, FORM), ENTRY(7, FORM), ENTRY(8, FORM), ENTRY(9, FORM), ENTRY(10, FORM),   \
     ENTRY(11, FORM), ENTRY(12, FORM), ENTRY(13, FORM), ENTRY(14, FORM)}
#else
#define ENTRIES(FORM)                                                                   \
    {ENTRY(1, FORM), ENTRY(2, FORM), ENTRY(3, FORM), ENTRY(4, FORM), ENTRY(5, FORM),    \
     ENTRY(6, FORM)}
#endif

const TABLE_TYPE TABLE_NAME = {
    .rows = ROWS,
    .lanes = LANES,
    .panel = ROWS > 8 ? 16 : 8,
    .fused = FUSED,
    .packed = ENTRIES(packed),
    .strided = ENTRIES(strided),
    .offset = ENTRIES(offset),
    .wide = {KERNEL(_offset_1_wide), KERNEL(_offset_2_wide), KERNEL(_offset_3_wide)},
    .wideVectors = {8, WIDE2, 4},
};

#undef JOIN_
#undef JOIN
#undef KERNEL
#undef DEFINE
#undef WIDE2
#undef DEFINE_FORM
#undef DEFINE_ROWS
#undef ENTRY
#undef ENTRIES
#undef T
#undef TABLE_TYPE
#undef TABLE_NAME
#undef F
#undef V
#undef LANES
#undef MASK
#undef MASK_OF
#undef LOAD
#undef LOAD_MASKED
#undef STORE
#undef STORE_MASKED
#undef SPLAT
#undef FMA
#undef MUL
