// Pooling over the last one to three dimensions. Written over three; fewer have ones in front.

#include "include/adjoint_conv.h"
#include "include/adjoint_threads.h"
#include "multiversion.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef struct {
    size_t in[3], out[3], kernel[3], inCount, outCount;
    ptrdiff_t stride[3], padding[3], dilation[3];
    int countIncludePad, isTwoByTwo;
    ptrdiff_t divisorOverride;
    const void *from;
    void *to;
    int64_t *index;
    size_t missed;
} Pool;

static void set_dims(Pool *g, size_t dims, const size_t *in, const size_t *kernel,
                     const size_t *out, const ptrdiff_t *stride, const ptrdiff_t *padding,
                     const ptrdiff_t *dilation) {
    g->inCount = g->outCount = 1;
    for (size_t d = 0; d < 3; d++) {
        int given = d + dims >= 3;
        size_t at = given ? d + dims - 3 : 0;
        g->in[d] = given ? in[at] : 1;
        g->out[d] = given ? out[at] : 1;
        g->kernel[d] = given ? kernel[at] : 1;
        g->stride[d] = given ? stride[at] : 1;
        g->padding[d] = given ? padding[at] : 0;
        g->dilation[d] = given && dilation ? dilation[at] : 1;
        g->inCount *= g->in[d];
        g->outCount *= g->out[d];
    }
    g->isTwoByTwo = g->kernel[0] == 1 && g->kernel[1] == 2 && g->kernel[2] == 2
        && g->stride[2] == 2 && g->padding[2] == 0 && g->dilation[1] == 1 && g->dilation[2] == 1
        && 2 * g->out[2] <= g->in[2];
}

/// The taps of a window that lie inside: `first` is the position of the first, `taps` their number.
typedef struct {
    size_t first, taps;
} Span;

static inline Span span(const Pool *g, int d, size_t o) {
    ptrdiff_t start = (ptrdiff_t)o * g->stride[d] - g->padding[d], step = g->dilation[d];
    // The common case, without a division: each costs as much as a small window.
    if (start >= 0 && start + (ptrdiff_t)(g->kernel[d] - 1) * step < (ptrdiff_t)g->in[d])
        return (Span){(size_t)start, g->kernel[d]};
    ptrdiff_t skip = start < 0 ? (-start + step - 1) / step : 0;
    ptrdiff_t room = (ptrdiff_t)g->in[d] - start;
    ptrdiff_t end = room > 0 ? (room + step - 1) / step : 0;
    if (end > (ptrdiff_t)g->kernel[d]) end = (ptrdiff_t)g->kernel[d];
    if (end < skip) end = skip;
    return (Span){(size_t)(start + skip * step), (size_t)(end - skip)};
}

/// What a mean divides by. With padding counted, a window ends at the padded border.
static inline ptrdiff_t divisor(const Pool *g, const size_t o[3], size_t inside) {
    if (g->divisorOverride) return g->divisorOverride;
    if (!g->countIncludePad) return (ptrdiff_t)inside;
    ptrdiff_t count = 1;
    for (int d = 0; d < 3; d++) {
        ptrdiff_t start = (ptrdiff_t)o[d] * g->stride[d] - g->padding[d];
        ptrdiff_t end = start + (ptrdiff_t)g->kernel[d];
        ptrdiff_t border = (ptrdiff_t)g->in[d] + g->padding[d];
        count *= (end < border ? end : border) - start;
    }
    return count;
}

static size_t grain(size_t work) { return 1 + 32768 / (work + 1); }

/// Whether a maximum goes from `best` on to `value`: where it is larger, or the first NaN. Data
/// decide at random, so that this must not branch.
#define LARGER(value, best) (!((value) <= (best)) & ((best) == (best)))

#define DEFINE_POOL(T, F)                                                                      \
    /** A row of windows of two by two, side by side: the pooling of most networks. */         \
    ADJ_MULTIVERSION static void max_pairs_##F(const T *x, size_t width, size_t first,         \
                                               size_t n, T *restrict y,                        \
                                               int64_t *restrict index) {                      \
        for (size_t j = 0; j < n; j++) {                                                       \
            T best = x[2 * j], b = x[2 * j + 1], c = x[width + 2 * j];                         \
            T d = x[width + 2 * j + 1];                                                        \
            int64_t at = (int64_t)(first + 2 * j), down = at + (int64_t)width;                 \
            at = LARGER(b, best) ? at + 1 : at;                                                \
            best = LARGER(b, best) ? b : best;                                                 \
            at = LARGER(c, best) ? down : at;                                                  \
            best = LARGER(c, best) ? c : best;                                                 \
            at = LARGER(d, best) ? down + 1 : at;                                              \
            y[j] = LARGER(d, best) ? d : best;                                                 \
            if (index) index[j] = at;                                                          \
        }                                                                                      \
    }                                                                                          \
    static void max_planes_##F(size_t begin, size_t end, void *context) {                      \
        const Pool *g = context;                                                               \
        for (size_t plane = begin; plane < end; plane++) {                                     \
            const T *x = (const T *)g->from + plane * g->inCount;                              \
            T *y = (T *)g->to + plane * g->outCount;                                           \
            int64_t *index = g->index ? g->index + plane * g->outCount : NULL;                 \
            for (size_t o0 = 0; o0 < g->out[0]; o0++) {                                        \
                Span s0 = span(g, 0, o0);                                                      \
                for (size_t o1 = 0; o1 < g->out[1]; o1++) {                                    \
                    Span s1 = span(g, 1, o1);                                                  \
                    if (g->isTwoByTwo && s1.taps == 2) {                                       \
                        size_t at = (s0.first * g->in[1] + s1.first) * g->in[2];               \
                        max_pairs_##F(x + at, g->in[2], at, g->out[2], y, index);              \
                        y += g->out[2];                                                        \
                        if (index) index += g->out[2];                                         \
                        continue;                                                              \
                    }                                                                          \
                    for (size_t o2 = 0; o2 < g->out[2]; o2++) {                                \
                        Span s2 = span(g, 2, o2);                                              \
                        T best = -(T)__builtin_inf();                                          \
                        size_t at = (s0.first * g->in[1] + s1.first) * g->in[2] + s2.first;    \
                        for (size_t t0 = 0; t0 < s0.taps; t0++) {                              \
                            for (size_t t1 = 0; t1 < s1.taps; t1++) {                          \
                                size_t i0 = s0.first + t0 * (size_t)g->dilation[0];            \
                                size_t i1 = s1.first + t1 * (size_t)g->dilation[1];            \
                                size_t i = (i0 * g->in[1] + i1) * g->in[2] + s2.first;         \
                                for (size_t t2 = 0; t2 < s2.taps; t2++) {                      \
                                    T value = x[i];                                            \
                                    int wins = LARGER(value, best);                            \
                                    best = wins ? value : best;                                \
                                    at = wins ? i : at;                                        \
                                    i += (size_t)g->dilation[2];                               \
                                }                                                              \
                            }                                                                  \
                        }                                                                      \
                        *y++ = best;                                                           \
                        /* A window wholly in the padding still names an element. */           \
                        if (index) *index++ = (int64_t)(at < g->inCount ? at : 0);             \
                    }                                                                          \
                }                                                                              \
            }                                                                                  \
        }                                                                                      \
    }                                                                                          \
                                                                                               \
    void adj_maxpool_forward_##F(size_t planes, size_t dims, const size_t *in,                 \
                                 const size_t *kernel, const size_t *out,                      \
                                 const ptrdiff_t *stride, const ptrdiff_t *padding,            \
                                 const ptrdiff_t *dilation, const T *x, T *y,                  \
                                 int64_t *index) {                                             \
        Pool g = {.from = x, .to = y, .index = index};                                         \
        set_dims(&g, dims, in, kernel, out, stride, padding, dilation);                        \
        size_t window = g.kernel[0] * g.kernel[1] * g.kernel[2];                               \
        adj_parallel(planes, grain(g.outCount * window), max_planes_##F, &g);                  \
    }                                                                                          \
                                                                                               \
    static void max_back_planes_##F(size_t begin, size_t end, void *context) {                 \
        Pool *g = context;                                                                     \
        size_t missed = 0;                                                                     \
        for (size_t plane = begin; plane < end; plane++) {                                     \
            const T *gy = (const T *)g->from + plane * g->outCount;                            \
            const int64_t *index = g->index + plane * g->outCount;                             \
            T *gx = (T *)g->to + plane * g->inCount;                                           \
            memset(gx, 0, g->inCount * sizeof(T));                                             \
            for (size_t i = 0; i < g->outCount; i++) {                                         \
                size_t at = (size_t)index[i];                                                  \
                if (at < g->inCount) gx[at] += gy[i];                                          \
                else missed++;                                                                 \
            }                                                                                  \
        }                                                                                      \
        if (missed) __atomic_fetch_add(&g->missed, missed, __ATOMIC_RELAXED);                  \
    }                                                                                          \
                                                                                               \
    size_t adj_maxpool_backward_##F(size_t planes, size_t inCount, size_t outCount,            \
                                    const T *gy, const int64_t *index, T *gx) {                \
        Pool g = {.inCount = inCount, .outCount = outCount, .from = gy, .to = gx};             \
        g.index = (int64_t *)index;                                                            \
        adj_parallel(planes, grain(inCount + 2 * outCount), max_back_planes_##F, &g);          \
        return g.missed;                                                                       \
    }                                                                                          \
                                                                                               \
    /* Forward reads x and writes means; backward spreads gy over gx with the same windows. */ \
    static inline void avg_plane_##F(const Pool *g, int backward, const T *from, T *to) {      \
        size_t o[3];                                                                           \
        if (backward) memset(to, 0, g->inCount * sizeof(T));                                   \
        for (o[0] = 0; o[0] < g->out[0]; o[0]++) {                                             \
            Span s0 = span(g, 0, o[0]);                                                        \
            for (o[1] = 0; o[1] < g->out[1]; o[1]++) {                                         \
                Span s1 = span(g, 1, o[1]);                                                    \
                for (o[2] = 0; o[2] < g->out[2]; o[2]++) {                                     \
                    Span s2 = span(g, 2, o[2]);                                                \
                    T by = (T)divisor(g, o, s0.taps * s1.taps * s2.taps), sum = 0;             \
                    T share = backward ? *from++ / by : 0;                                     \
                    for (size_t t0 = 0; t0 < s0.taps; t0++) {                                  \
                        for (size_t t1 = 0; t1 < s1.taps; t1++) {                              \
                            size_t i = ((s0.first + t0) * g->in[1] + s1.first + t1) * g->in[2] \
                                       + s2.first;                                             \
                            for (size_t t2 = 0; t2 < s2.taps; t2++) {                          \
                                if (backward) to[i + t2] += share;                             \
                                else sum += from[i + t2];                                      \
                            }                                                                  \
                        }                                                                      \
                    }                                                                          \
                    if (!backward) *to++ = sum / by;                                           \
                }                                                                              \
            }                                                                                  \
        }                                                                                      \
    }                                                                                          \
                                                                                               \
    static void avg_planes_##F(size_t begin, size_t end, void *context) {                      \
        const Pool *g = context;                                                               \
        for (size_t plane = begin; plane < end; plane++) {                                     \
            avg_plane_##F(g, 0, (const T *)g->from + plane * g->inCount,                       \
                          (T *)g->to + plane * g->outCount);                                   \
        }                                                                                      \
    }                                                                                          \
                                                                                               \
    static void avg_back_planes_##F(size_t begin, size_t end, void *context) {                 \
        const Pool *g = context;                                                               \
        for (size_t plane = begin; plane < end; plane++) {                                     \
            avg_plane_##F(g, 1, (const T *)g->from + plane * g->outCount,                      \
                          (T *)g->to + plane * g->inCount);                                    \
        }                                                                                      \
    }                                                                                          \
                                                                                               \
    void adj_avgpool_forward_##F(size_t planes, size_t dims, const size_t *in,                 \
                                 const size_t *kernel, const size_t *out,                      \
                                 const ptrdiff_t *stride, const ptrdiff_t *padding,            \
                                 int countIncludePad, ptrdiff_t divisorOverride, const T *x,   \
                                 T *y) {                                                       \
        Pool g = {.from = x, .to = y, .countIncludePad = countIncludePad,                      \
                  .divisorOverride = divisorOverride};                                         \
        set_dims(&g, dims, in, kernel, out, stride, padding, NULL);                            \
        size_t window = g.kernel[0] * g.kernel[1] * g.kernel[2];                               \
        adj_parallel(planes, grain(g.outCount * window), avg_planes_##F, &g);                  \
    }                                                                                          \
                                                                                               \
    void adj_avgpool_backward_##F(size_t planes, size_t dims, const size_t *in,                \
                                  const size_t *kernel, const size_t *out,                     \
                                  const ptrdiff_t *stride, const ptrdiff_t *padding,           \
                                  int countIncludePad, ptrdiff_t divisorOverride, const T *gy, \
                                  T *gx) {                                                     \
        Pool g = {.from = gy, .to = gx, .countIncludePad = countIncludePad,                    \
                  .divisorOverride = divisorOverride};                                         \
        set_dims(&g, dims, in, kernel, out, stride, padding, NULL);                            \
        size_t window = g.kernel[0] * g.kernel[1] * g.kernel[2];                               \
        adj_parallel(planes, grain(g.outCount * window), avg_back_planes_##F, &g);             \
    }

DEFINE_POOL(float, f32)
DEFINE_POOL(double, f64)
