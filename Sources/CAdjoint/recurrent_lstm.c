//===--- recurrent_lstm.c - an LSTM over the steps of a sequence ------------------------------===//
//
// Goals, in order: the bits of the same formulas in separate operations; few passes over memory.
// A step is one product and one pass over the cells. The weight is transposed once, so that no
// step packs it anew.
//
//===------------------------------------------------------------------------------------------===//

#include "adjoint_gemm.h"
#include "adjoint_memory.h"
#include "adjoint_recurrent.h"
#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath_f32.h"
#include "vectormath_f64.h"

/// Cells that one thread takes at a time; each costs five exponentials.
#define GRAIN ((size_t)1 << 11)
/// Elements between the rows of the transposed weight and the next multiple of a page, whose rows
/// would meet in the same few cache lines.
#define APART 16

typedef struct {
    const void *gates, *before, *cell, *up, *around;
    void *a, *h, *c, *flow, *carry;
    size_t n;
} lstm_plan;

#define ADJ_LSTM(S, T)                                                                             \
    /** One step, from gates and from h weightᵀ, which lies in a. */                               \
    ADJ_MULTIVERSION static void cells_##S(size_t begin, size_t end, void *context) {              \
        const lstm_plan *p = context;                                                              \
        size_t n = p->n;                                                                           \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *x = (const T *)p->gates + r * 4 * n, *before = (const T *)p->before + r * n;  \
            T *a = (T *)p->a + r * 4 * n, *c = (T *)p->c + r * n, *h = (T *)p->h + r * n;          \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t j = 0; j < 2 * n; j++) a[j] = adj_core_sigmoid_##S(x[j] + a[j]);           \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t j = 2 * n; j < 3 * n; j++) a[j] = adj_core_tanh_##S(x[j] + a[j]);          \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t j = 3 * n; j < 4 * n; j++) a[j] = adj_core_sigmoid_##S(x[j] + a[j]);       \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t j = 0; j < n; j++) {                                                       \
                T next = a[n + j] * before[j] + a[j] * a[2 * n + j];                               \
                c[j] = next;                                                                       \
                h[j] = a[3 * n + j] * adj_core_tanh_##S(next);                                     \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    /** One step back: what came to h and c from later steps lies in flow and carry. */            \
    ADJ_MULTIVERSION static void cells_back_##S(size_t begin, size_t end, void *context) {         \
        const lstm_plan *p = context;                                                              \
        size_t n = p->n;                                                                           \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *a = (const T *)p->a + r * 4 * n, *before = (const T *)p->before + r * n;      \
            const T *c = (const T *)p->cell + r * n;                                               \
            T *d = (T *)p->c + r * 4 * n, *flow = (T *)p->flow + r * n;                            \
            T *carry = (T *)p->carry + r * n;                                                      \
            if (p->up != NULL) {                                                                   \
                const T *up = (const T *)p->up + r * n;                                            \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t j = 0; j < n; j++) flow[j] += up[j];                                   \
            }                                                                                      \
            if (p->around != NULL) {                                                               \
                const T *around = (const T *)p->around + r * n;                                    \
                ADJ_VECTOR_LOOP                                                                    \
                for (size_t j = 0; j < n; j++) carry[j] += around[j];                              \
            }                                                                                      \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t j = 0; j < n; j++) {                                                       \
                T i = a[j], f = a[n + j], g = a[2 * n + j], o = a[3 * n + j];                      \
                T bent = adj_core_tanh_##S(c[j]);                                                  \
                T down = carry[j] + flow[j] * o * (1 - bent * bent);                               \
                d[j] = down * g * i * (1 - i);                                                     \
                d[n + j] = down * before[j] * f * (1 - f);                                         \
                d[2 * n + j] = down * i * (1 - g * g);                                             \
                d[3 * n + j] = flow[j] * bent * o * (1 - o);                                       \
                carry[j] = down * f;                                                               \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    void adj_lstm_forward_##S(const T *gates, const T *weight, const T *h0, const T *c0, T *h,     \
                              T *a, T *c, size_t steps, size_t batch, size_t n, int order) {       \
        size_t lead = 4 * n + APART, bytes = n * lead * sizeof(T);                                 \
        size_t states = batch * n;                                                                 \
        T *across = adj_alloc(bytes);                                                              \
        for (size_t j = 0; j < 4 * n; j++) {                                                       \
            for (size_t k = 0; k < n; k++) across[k * lead + j] = weight[j * n + k];               \
        }                                                                                          \
        for (size_t s = 0; s < steps; s++) {                                                       \
            size_t t = order > 0 ? s : steps - 1 - s, last = order > 0 ? t - 1 : t + 1;            \
            lstm_plan p = {.gates = gates + t * 4 * states, .a = a + t * 4 * states,               \
                           .before = s ? c + last * states : c0, .h = h + t * states,              \
                           .c = c + t * states, .n = n};                                           \
            adj_gemm_##S(0, 0, batch, 4 * n, n, 1, s ? h + last * states : h0, n, across, lead, 0, \
                         p.a, 4 * n);                                                              \
            adj_parallel(batch, 1 + GRAIN / (n + 1), cells_##S, &p);                               \
        }                                                                                          \
        adj_free(across, bytes);                                                                   \
    }                                                                                              \
    void adj_lstm_backward_##S(const T *d_h, const T *d_c, const T *weight, const T *c0,           \
                               const T *a, const T *c, T *d_gates, T *d_h0, T *d_c0,               \
                               size_t steps, size_t batch, size_t n, int order) {                  \
        size_t states = batch * n;                                                                 \
        memset(d_h0, 0, states * sizeof(T));                                                       \
        memset(d_c0, 0, states * sizeof(T));                                                       \
        for (size_t s = steps; s-- > 0;) {                                                         \
            size_t t = order > 0 ? s : steps - 1 - s, last = order > 0 ? t - 1 : t + 1;            \
            T *d = d_gates + t * 4 * states;                                                       \
            lstm_plan p = {.a = (void *)(a + t * 4 * states), .cell = c + t * states,              \
                           .before = s ? c + last * states : c0,                                   \
                           .up = d_h ? d_h + t * states : NULL,                                    \
                           .around = d_c ? d_c + t * states : NULL, .c = d, .flow = d_h0,          \
                           .carry = d_c0, .n = n};                                                 \
            adj_parallel(batch, 1 + GRAIN / (n + 1), cells_back_##S, &p);                          \
            adj_gemm_##S(0, 0, batch, n, 4 * n, 1, d, 4 * n, weight, n, 0, d_h0, n);               \
        }                                                                                          \
    }

ADJ_LSTM(f32, float)
ADJ_LSTM(f64, double)
