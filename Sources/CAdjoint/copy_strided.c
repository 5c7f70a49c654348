//===--- copy_strided.c - copies between layouts ----------------------------------------------===//
//
// Dimensions are dropped or merged where both sides allow it, sorted so that the destination is
// written in order of memory, and then one of three loops runs: memcpy of dense runs, strided runs,
// or square tiles where the two sides are dense along different dimensions.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_copy.h"
#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath.h"

#define MAX_RANK 64
/// Elements in a piece of parallel work: below this, waking a thread costs more than it saves.
#define GRAIN ((size_t)1 << 16)

typedef struct {
    size_t element, rank;
    ptrdiff_t shape[MAX_RANK], from[MAX_RANK], to[MAX_RANK];
    const char *src;
    char *dst;
} copy_plan;

#define ADJ_COPY_RUN(BITS)                                                                         \
    ADJ_MULTIVERSION static void run_##BITS(const void *s, ptrdiff_t ss, void *d, ptrdiff_t ds,    \
                                            ptrdiff_t n) {                                         \
        const uint##BITS##_t *src = s;                                                             \
        uint##BITS##_t *dst = d;                                                                   \
        if (ds == 1 && ss == 0) {                                                                  \
            uint##BITS##_t value = *src;                                                           \
            for (ptrdiff_t i = 0; i < n; i++) dst[i] = value;                                      \
        } else if (ds == 1 && ss == 2) {                                                           \
            ADJ_VECTOR_LOOP                                                                        \
            for (ptrdiff_t i = 0; i < n; i++) dst[i] = src[2 * i];                                 \
        } else {                                                                                   \
            for (ptrdiff_t i = 0; i < n; i++) dst[i * ds] = src[i * ss];                           \
        }                                                                                          \
    }                                                                                              \
    /** A tile: rows are dense in dst, columns in src. */                                          \
    ADJ_MULTIVERSION static void tile_##BITS(const void *s, ptrdiff_t ss, void *d, ptrdiff_t ds,   \
                                             ptrdiff_t rows, ptrdiff_t columns) {                  \
        const uint##BITS##_t *src = s;                                                             \
        uint##BITS##_t *dst = d;                                                                   \
        enum { side = BITS == 32 ? 16 : 8 };                                                       \
        ptrdiff_t r = 0;                                                                           \
        for (; r + side <= rows; r += side) {                                                      \
            ptrdiff_t c = 0;                                                                       \
            for (; c + side <= columns; c += side) {                                               \
                uint##BITS##_t t[side][side];                                                      \
                for (int j = 0; j < side; j++) memcpy(t[j], src + r + (c + j) * ss, sizeof t[j]);  \
                for (int i = 0; i < side; i++) {                                                   \
                    for (int j = 0; j < side; j++) dst[(r + i) * ds + c + j] = t[j][i];            \
                }                                                                                  \
            }                                                                                      \
            for (; c < columns; c++) {                                                             \
                for (int i = 0; i < side; i++) dst[(r + i) * ds + c] = src[r + i + c * ss];        \
            }                                                                                      \
        }                                                                                          \
        for (; r < rows; r++) {                                                                    \
            for (ptrdiff_t c = 0; c < columns; c++) dst[r * ds + c] = src[r + c * ss];             \
        }                                                                                          \
    }

ADJ_COPY_RUN(8)
ADJ_COPY_RUN(16)
ADJ_COPY_RUN(32)
ADJ_COPY_RUN(64)

static void run(const copy_plan *p, const char *s, ptrdiff_t ss, char *d, ptrdiff_t ds,
                ptrdiff_t n) {
    if (ss == 1 && ds == 1) {
        memcpy(d, s, (size_t)n * p->element);
        return;
    }
    switch (p->element) {
    case 1: run_8(s, ss, d, ds, n); return;
    case 2: run_16(s, ss, d, ds, n); return;
    case 4: run_32(s, ss, d, ds, n); return;
    case 8: run_64(s, ss, d, ds, n); return;
    default: break;
    }
    ptrdiff_t size = (ptrdiff_t)p->element;
    for (ptrdiff_t i = 0; i < n; i++) memcpy(d + i * ds * size, s + i * ss * size, p->element);
}

static void tile(const copy_plan *p, const char *s, ptrdiff_t ss, char *d, ptrdiff_t ds,
                 ptrdiff_t rows, ptrdiff_t columns) {
    switch (p->element) {
    case 1: tile_8(s, ss, d, ds, rows, columns); return;
    case 2: tile_16(s, ss, d, ds, rows, columns); return;
    case 4: tile_32(s, ss, d, ds, rows, columns); return;
    case 8: tile_64(s, ss, d, ds, rows, columns); return;
    default: break;
    }
    ptrdiff_t size = (ptrdiff_t)p->element;
    for (ptrdiff_t r = 0; r < rows; r++) {
        for (ptrdiff_t c = 0; c < columns; c++) {
            memcpy(d + (r * ds + c) * size, s + (r + c * ss) * size, p->element);
        }
    }
}

/// Offsets, in elements, of outer position `index` of the first `rank` dimensions.
static void locate(const copy_plan *p, size_t rank, size_t index, ptrdiff_t *from, ptrdiff_t *to) {
    *from = 0;
    *to = 0;
    for (size_t k = rank; k-- > 0;) {
        ptrdiff_t at = (ptrdiff_t)(index % (size_t)p->shape[k]);
        index /= (size_t)p->shape[k];
        *from += at * p->from[k];
        *to += at * p->to[k];
    }
}

/// Rows along the last dimension.
static void copy_rows(size_t begin, size_t end, void *context) {
    const copy_plan *p = context;
    size_t rank = p->rank - 1;
    ptrdiff_t n = p->shape[rank], size = (ptrdiff_t)p->element, at[MAX_RANK], from, to;
    locate(p, rank, begin, &from, &to);
    size_t rest = begin;
    for (size_t k = rank; k-- > 0;) {
        at[k] = (ptrdiff_t)(rest % (size_t)p->shape[k]);
        rest /= (size_t)p->shape[k];
    }
    for (size_t i = begin; i < end; i++) {
        run(p, p->src + from * size, p->from[rank], p->dst + to * size, p->to[rank], n);
        for (size_t k = rank; k-- > 0;) {
            from += p->from[k];
            to += p->to[k];
            if (++at[k] < p->shape[k]) break;
            from -= at[k] * p->from[k];
            to -= at[k] * p->to[k];
            at[k] = 0;
        }
    }
}

/// Strips of 128 rows over the last two dimensions, the last dense in dst and the other in src:
/// narrower ones leave the prefetchers nothing to follow where a stride is a power of two.
#define STRIP 128
static void copy_strips(size_t begin, size_t end, void *context) {
    const copy_plan *p = context;
    size_t rank = p->rank - 2;
    ptrdiff_t rows = p->shape[rank], columns = p->shape[rank + 1], size = (ptrdiff_t)p->element;
    size_t strips = ((size_t)rows + STRIP - 1) / STRIP;
    for (size_t i = begin; i < end; i++) {
        ptrdiff_t from, to, first = (ptrdiff_t)(i % strips) * STRIP;
        locate(p, rank, i / strips, &from, &to);
        ptrdiff_t height = rows - first < STRIP ? rows - first : STRIP;
        for (ptrdiff_t c = 0; c < columns; c += STRIP) {
            ptrdiff_t width = columns - c < STRIP ? columns - c : STRIP;
            ptrdiff_t ss = p->from[rank + 1], ds = p->to[rank];
            tile(p, p->src + (from + first + c * ss) * size, ss,
                 p->dst + (to + first * ds + c) * size, ds, height, width);
        }
    }
}

static void copy_bytes(size_t begin, size_t end, void *context) {
    const copy_plan *p = context;
    memcpy(p->dst + begin * p->element, p->src + begin * p->element, (end - begin) * p->element);
}

static ptrdiff_t magnitude(ptrdiff_t x) { return x < 0 ? -x : x; }

/// Drops dimensions of one element, sorts by the destination's strides, merges neighbours.
static void simplify(copy_plan *p, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *from,
                     const ptrdiff_t *to) {
    size_t count = 0;
    for (size_t k = 0; k < rank; k++) {
        if (shape[k] == 1) continue;
        size_t j = count++;
        for (; j > 0 && magnitude(p->to[j - 1]) < magnitude(to[k]); j--) {
            p->shape[j] = p->shape[j - 1];
            p->from[j] = p->from[j - 1];
            p->to[j] = p->to[j - 1];
        }
        p->shape[j] = shape[k];
        p->from[j] = from[k];
        p->to[j] = to[k];
    }
    size_t last = 0;
    for (size_t k = 1; k < count; k++) {
        if (p->from[last] == p->from[k] * p->shape[k] && p->to[last] == p->to[k] * p->shape[k]) {
            p->shape[last] *= p->shape[k];
        } else {
            last++;
            p->shape[last] = p->shape[k];
        }
        p->from[last] = p->from[k];
        p->to[last] = p->to[k];
    }
    p->rank = count == 0 ? 0 : last + 1;
}

void adj_copy_strided(size_t elementSize, size_t rank, const ptrdiff_t *shape, const void *src,
                      const ptrdiff_t *srcStrides, void *dst, const ptrdiff_t *dstStrides) {
    copy_plan p = {.element = elementSize, .src = src, .dst = dst};
    size_t total = 1;
    for (size_t k = 0; k < rank; k++) total *= (size_t)shape[k];
    if (total == 0) return;
    simplify(&p, rank, shape, srcStrides, dstStrides);
    if (p.rank == 0) {
        memcpy(dst, src, elementSize);
        return;
    }
    size_t n = p.rank - 1;
    if (n == 0 && p.from[0] == 1 && p.to[0] == 1) {
        adj_parallel(total, GRAIN * 4, copy_bytes, &p);
        return;
    }
    if (n == 0 && (size_t)p.shape[0] > 2 * GRAIN) {
        // One long run: cut it, so that threads can share it.
        ptrdiff_t length = p.shape[0], piece = (ptrdiff_t)GRAIN, whole = length / piece;
        ptrdiff_t cut = whole * piece, size = (ptrdiff_t)elementSize;
        run(&p, p.src + cut * p.from[0] * size, p.from[0], p.dst + cut * p.to[0] * size, p.to[0],
            length - cut);
        p.rank = 2;
        p.shape[0] = whole;
        p.shape[1] = piece;
        p.from[1] = p.from[0];
        p.to[1] = p.to[0];
        p.from[0] *= piece;
        p.to[0] *= piece;
        n = 1;
    }
    // A dimension that is dense in src, moved next to the last, makes tiles possible.
    if (n > 0 && p.to[n] == 1 && p.from[n] != 1 && p.from[n] != 0 && p.shape[n] >= 4) {
        for (size_t k = 0; k < n; k++) {
            if (p.from[k] != 1 || p.shape[k] < 4) continue;
            ptrdiff_t extent = p.shape[k], to = p.to[k];
            for (size_t j = k; j + 1 < n; j++) {
                p.shape[j] = p.shape[j + 1];
                p.from[j] = p.from[j + 1];
                p.to[j] = p.to[j + 1];
            }
            p.shape[n - 1] = extent;
            p.from[n - 1] = 1;
            p.to[n - 1] = to;
            size_t strips = ((size_t)extent + STRIP - 1) / STRIP;
            size_t outer = total / (size_t)extent / (size_t)p.shape[n] * strips;
            size_t work = (size_t)p.shape[n] * STRIP;
            adj_parallel(outer, GRAIN / work + 1, copy_strips, &p);
            return;
        }
    }
    adj_parallel(total / (size_t)p.shape[n], GRAIN / (size_t)p.shape[n] + 1, copy_rows, &p);
}

typedef struct {
    size_t element;
    char *dst;
    const void *value;
} fill_plan;

static void fill(size_t begin, size_t end, void *context) {
    const fill_plan *f = context;
    copy_plan p = {.element = f->element};
    run(&p, f->value, 0, f->dst + begin * f->element, 1, (ptrdiff_t)(end - begin));
}

void adj_fill(size_t elementSize, void *dst, const void *value, size_t n) {
    fill_plan f = {elementSize, dst, value};
    const unsigned char *bytes = value;
    int zero = 1;
    for (size_t i = 0; i < elementSize; i++) zero &= bytes[i] == 0;
    if (zero && n <= GRAIN) {
        memset(dst, 0, n * elementSize);
    } else {
        adj_parallel(n, GRAIN * 4, fill, &f);
    }
}

#define ADJ_STRIDED_ADD(SUFFIX, T)                                                                 \
    void adj_strided_add_##SUFFIX(size_t rank, const ptrdiff_t *shape, const T *src,               \
                                  const ptrdiff_t *srcStrides, T *dst,                             \
                                  const ptrdiff_t *dstStrides) {                                   \
        ptrdiff_t at[MAX_RANK] = {0};                                                              \
        for (size_t k = 0; k < rank; k++) {                                                        \
            if (shape[k] == 0) return;                                                             \
        }                                                                                          \
        size_t outer = rank == 0 ? 0 : rank - 1;                                                   \
        ptrdiff_t n = rank == 0 ? 1 : shape[outer];                                                \
        ptrdiff_t ss = rank == 0 ? 0 : srcStrides[outer], ds = rank == 0 ? 0 : dstStrides[outer];  \
        for (;;) {                                                                                 \
            for (ptrdiff_t i = 0; i < n; i++) dst[i * ds] += src[i * ss];                          \
            size_t k = outer;                                                                      \
            for (; k-- > 0;) {                                                                     \
                src += srcStrides[k];                                                              \
                dst += dstStrides[k];                                                              \
                if (++at[k] < shape[k]) break;                                                     \
                src -= at[k] * srcStrides[k];                                                      \
                dst -= at[k] * dstStrides[k];                                                      \
                at[k] = 0;                                                                         \
            }                                                                                      \
            if (k == (size_t)-1) return;                                                           \
        }                                                                                          \
    }

ADJ_STRIDED_ADD(f32, float)
ADJ_STRIDED_ADD(f64, double)
