// The largest elements of ranges that share a plane out evenly, over three dimensions.

#include "include/adjoint_conv.h"
#include "include/adjoint_threads.h"

#pragma STDC FP_CONTRACT OFF

typedef struct {
    size_t in[3], out[3], inCount, outCount;
    const void *from;
    void *to;
    int64_t *index;
} Adaptive;

/// Where the range of position `o` begins: ⌊o in / out⌋. Without overflow for any sizes.
static inline size_t first_of(const Adaptive *g, int d, size_t o) {
    size_t in = g->in[d], out = g->out[d];
    return in / out * o + in % out * o / out;
}

/// Where it ends: ⌈(o + 1) in / out⌉.
static inline size_t end_of(const Adaptive *g, int d, size_t o) {
    size_t in = g->in[d], out = g->out[d];
    return in / out * (o + 1) + (in % out * (o + 1) + out - 1) / out;
}

#define DEFINE_ADAPTIVE(T, F)                                                                  \
    static void adaptive_plane_##F(const Adaptive *g, const T *x, T *y, int64_t *index) {      \
        for (size_t o0 = 0; o0 < g->out[0]; o0++) {                                            \
            size_t a0 = first_of(g, 0, o0), e0 = end_of(g, 0, o0);                             \
            for (size_t o1 = 0; o1 < g->out[1]; o1++) {                                        \
                size_t a1 = first_of(g, 1, o1), e1 = end_of(g, 1, o1);                         \
                for (size_t o2 = 0; o2 < g->out[2]; o2++) {                                    \
                    size_t a2 = first_of(g, 2, o2), e2 = end_of(g, 2, o2);                     \
                    size_t at = (a0 * g->in[1] + a1) * g->in[2] + a2;                          \
                    T best = x[at];                                                            \
                    for (size_t i0 = a0; i0 < e0; i0++) {                                      \
                        for (size_t i1 = a1; i1 < e1; i1++) {                                  \
                            size_t row = (i0 * g->in[1] + i1) * g->in[2];                      \
                            for (size_t i = row + a2; i < row + e2; i++) {                     \
                                T value = x[i];                                                \
                                /* A larger one wins, or the first NaN. */                     \
                                int wins = !(value <= best) & (best == best);                  \
                                best = wins ? value : best;                                    \
                                at = wins ? i : at;                                            \
                            }                                                                  \
                        }                                                                      \
                    }                                                                          \
                    *y++ = best;                                                               \
                    *index++ = (int64_t)at;                                                    \
                }                                                                              \
            }                                                                                  \
        }                                                                                      \
    }                                                                                          \
    static void adaptive_planes_##F(size_t begin, size_t end, void *context) {                 \
        const Adaptive *g = context;                                                           \
        for (size_t plane = begin; plane < end; plane++) {                                     \
            adaptive_plane_##F(g, (const T *)g->from + plane * g->inCount,                     \
                               (T *)g->to + plane * g->outCount,                               \
                               g->index + plane * g->outCount);                                \
        }                                                                                      \
    }                                                                                          \
                                                                                               \
    void adj_adaptive_maxpool_##F(size_t planes, size_t dims, const size_t *in,                \
                                  const size_t *out, const T *x, T *y, int64_t *index) {       \
        Adaptive g = {.inCount = 1, .outCount = 1, .from = x, .to = y, .index = index};        \
        for (size_t d = 0; d < 3; d++) {                                                       \
            int given = d + dims >= 3;                                                         \
            g.in[d] = given ? in[d + dims - 3] : 1;                                            \
            g.out[d] = given ? out[d + dims - 3] : 1;                                          \
            g.inCount *= g.in[d];                                                              \
            g.outCount *= g.out[d];                                                            \
        }                                                                                      \
        size_t work = g.inCount + g.outCount;                                                  \
        adj_parallel(planes, 1 + 32768 / (work + 1), adaptive_planes_##F, &g);                 \
    }

DEFINE_ADAPTIVE(float, f32)
DEFINE_ADAPTIVE(double, f64)
