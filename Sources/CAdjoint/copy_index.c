//===--- copy_index.c - gathers and scatters along a dimension --------------------------------===//
//
// Work is cut over (outer, columns of inner) for scatters, so that no two threads write one element
// and every sum runs in the order of the index; gathers are cut over everything.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_copy.h"
#include "adjoint_threads.h"
#include "vectormath.h"

#define GRAIN ((size_t)1 << 15)

typedef struct {
    size_t element, outer, dim, count, inner, width, strips;
    const void *src;
    void *dst;
    const int64_t *idx;
} index_plan;

static size_t grain_for(size_t work) { return work >= GRAIN ? 1 : GRAIN / (work + 1) + 1; }

/// Columns in a strip: the whole of inner where outer alone gives enough pieces.
static size_t strip_width(size_t outer, size_t inner, size_t element) {
    size_t narrow = 256 / element;
    return outer >= 8 || inner <= narrow ? inner : narrow;
}

static void select_rows(size_t begin, size_t end, void *context) {
    const index_plan *p = context;
    size_t bytes = p->inner * p->element;
    for (size_t i = begin; i < end; i++) {
        size_t o = i / p->count, j = i % p->count;
        const char *from = (const char *)p->src + (o * p->dim + (size_t)p->idx[j]) * bytes;
        char *to = (char *)p->dst + i * bytes;
        switch (bytes) {
        case 4: memcpy(to, from, 4); break;
        case 8: memcpy(to, from, 8); break;
        default: memcpy(to, from, bytes);
        }
    }
}

void adj_index_select(size_t elementSize, const void *src, const int64_t *idx, void *dst,
                      size_t outer, size_t srcDim, size_t count, size_t inner) {
    if (outer * count * inner == 0) return;
    index_plan p = {elementSize, outer, srcDim, count, inner, inner, 1, src, dst, idx};
    adj_parallel(outer * count, grain_for(inner), select_rows, &p);
}

static void store_rows(size_t begin, size_t end, void *context) {
    const index_plan *p = context;
    size_t bytes = p->inner * p->element;
    for (size_t o = begin; o < end; o++) {
        for (size_t j = 0; j < p->count; j++) {
            memcpy((char *)p->dst + (o * p->dim + (size_t)p->idx[j]) * bytes,
                   (const char *)p->src + (o * p->count + j) * bytes, bytes);
        }
    }
}

void adj_index_copy(size_t elementSize, void *dst, const int64_t *idx, const void *src,
                    size_t outer, size_t dstDim, size_t count, size_t inner) {
    if (outer * count * inner == 0) return;
    index_plan p = {elementSize, outer, dstDim, count, inner, inner, 1, src, dst, idx};
    adj_parallel(outer, grain_for(count * inner), store_rows, &p);
}

#define ADJ_INDEX_ADD(SUFFIX, T)                                                                   \
    static void add_rows_##SUFFIX(size_t begin, size_t end, void *context) {                       \
        const index_plan *p = context;                                                             \
        for (size_t i = begin; i < end; i++) {                                                     \
            size_t o = i / p->strips, first = i % p->strips * p->width;                            \
            size_t width = p->inner - first < p->width ? p->inner - first : p->width;              \
            for (size_t j = 0; j < p->count; j++) {                                                \
                T *to = (T *)p->dst + (o * p->dim + (size_t)p->idx[j]) * p->inner + first;         \
                const T *from = (const T *)p->src + (o * p->count + j) * p->inner + first;         \
                for (size_t c = 0; c < width; c++) to[c] += from[c];                               \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    void adj_index_add_##SUFFIX(T *dst, const int64_t *idx, const T *src, size_t outer,            \
                                size_t dstDim, size_t count, size_t inner) {                       \
        if (outer * count * inner == 0) return;                                                    \
        size_t width = strip_width(outer, inner, sizeof(T));                                       \
        size_t strips = (inner + width - 1) / width;                                               \
        index_plan p = {sizeof(T), outer, dstDim, count, inner, width, strips, src, dst, idx};     \
        adj_parallel(outer *strips, grain_for(count *width), add_rows_##SUFFIX, &p);               \
    }                                                                                              \
    static void scatter_add_rows_##SUFFIX(size_t begin, size_t end, void *context) {               \
        const index_plan *p = context;                                                             \
        for (size_t i = begin; i < end; i++) {                                                     \
            size_t o = i / p->strips, first = i % p->strips * p->width;                            \
            size_t width = p->inner - first < p->width ? p->inner - first : p->width;              \
            T *to = (T *)p->dst + o * p->dim * p->inner + first;                                   \
            for (size_t j = 0; j < p->count; j++) {                                                \
                size_t at = (o * p->count + j) * p->inner + first;                                 \
                const T *from = (const T *)p->src + at;                                            \
                const int64_t *idx = p->idx + at;                                                  \
                for (size_t c = 0; c < width; c++) {                                               \
                    to[(size_t)idx[c] * p->inner + c] += from[c];                                  \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    void adj_scatter_add_##SUFFIX(T *dst, const int64_t *idx, const T *src, size_t outer,          \
                                  size_t dstDim, size_t count, size_t inner) {                     \
        if (outer * count * inner == 0) return;                                                    \
        size_t width = strip_width(outer, inner, sizeof(T));                                       \
        size_t strips = (inner + width - 1) / width;                                               \
        index_plan p = {sizeof(T), outer, dstDim, count, inner, width, strips, src, dst, idx};     \
        adj_parallel(outer *strips, grain_for(count *width), scatter_add_rows_##SUFFIX, &p);       \
    }

ADJ_INDEX_ADD(f32, float)
ADJ_INDEX_ADD(f64, double)

#define ADJ_GATHER_LOOP(T)                                                                         \
    {                                                                                              \
        const T *from = (const T *)p->src + o * p->dim * p->inner;                                 \
        T *to = (T *)p->dst + i * p->inner;                                                        \
        for (size_t c = 0; c < p->inner; c++) to[c] = from[(size_t)idx[c] * p->inner + c];         \
        break;                                                                                     \
    }

static void gather_rows(size_t begin, size_t end, void *context) {
    const index_plan *p = context;
    for (size_t i = begin; i < end; i++) {
        size_t o = i / p->count;
        const int64_t *idx = p->idx + i * p->inner;
        switch (p->element) {
        case 1: ADJ_GATHER_LOOP(uint8_t)
        case 2: ADJ_GATHER_LOOP(uint16_t)
        case 4: ADJ_GATHER_LOOP(uint32_t)
        case 8: ADJ_GATHER_LOOP(uint64_t)
        default: ADJ_GATHER_LOOP(__uint128_t)
        }
    }
}

void adj_gather(size_t elementSize, const void *src, const int64_t *idx, void *dst, size_t outer,
                size_t srcDim, size_t count, size_t inner) {
    if (outer * count * inner == 0) return;
    index_plan p = {elementSize, outer, srcDim, count, inner, inner, 1, src, dst, idx};
    adj_parallel(outer * count, grain_for(inner), gather_rows, &p);
}

#define ADJ_SCATTER_LOOP(T)                                                                        \
    {                                                                                              \
        T *to = (T *)p->dst + o * p->dim * p->inner;                                               \
        const T *from = (const T *)p->src + i * p->inner;                                          \
        for (size_t c = 0; c < p->inner; c++) to[(size_t)idx[c] * p->inner + c] = from[c];         \
        break;                                                                                     \
    }

static void scatter_rows(size_t begin, size_t end, void *context) {
    const index_plan *p = context;
    for (size_t i = begin * p->count; i < end * p->count; i++) {
        size_t o = i / p->count;
        const int64_t *idx = p->idx + i * p->inner;
        switch (p->element) {
        case 1: ADJ_SCATTER_LOOP(uint8_t)
        case 2: ADJ_SCATTER_LOOP(uint16_t)
        case 4: ADJ_SCATTER_LOOP(uint32_t)
        case 8: ADJ_SCATTER_LOOP(uint64_t)
        default: ADJ_SCATTER_LOOP(__uint128_t)
        }
    }
}

void adj_scatter(size_t elementSize, void *dst, const int64_t *idx, const void *src, size_t outer,
                 size_t dstDim, size_t count, size_t inner) {
    if (outer * count * inner == 0) return;
    index_plan p = {elementSize, outer, dstDim, count, inner, inner, 1, src, dst, idx};
    adj_parallel(outer, grain_for(count * inner), scatter_rows, &p);
}
