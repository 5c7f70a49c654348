//===--- normalize_entropy.c - cross entropy against classes by number ------------------------===//

#include "adjoint_memory.h"
#include "adjoint_normalize.h"
#include "adjoint_reduce.h"
#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath_f32.h"
#include "vectormath_f64.h"
#include "vectormath_rows.h"

#define GRAIN ((size_t)1 << 13)
#define BLOCK 512

typedef struct {
    const void *x;
    const int64_t *targets;
    size_t classes;
    int64_t ignore;
    double scale;
    void *losses, *y;
} entropy_plan;

#define ADJ_CROSS_ENTROPY(S, T)                                                                    \
    ADJ_MULTIVERSION static void forward_##S(size_t begin, size_t end, void *context) {            \
        const entropy_plan *p = context;                                                           \
        size_t n = p->classes;                                                                     \
        T e[BLOCK];                                                                                \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *x = (const T *)p->x + r * n;                                                  \
            int ignored = p->targets[r] == p->ignore;                                              \
            T *loss = (T *)p->losses + r;                                                          \
            *loss = 0;                                                                             \
            if (ignored && p->y == NULL) continue;                                                 \
            T m = adj_row_max_##S(x, n), sum = 0;                                                  \
            for (size_t first = 0; first < n; first += BLOCK) {                                    \
                size_t count = n - first < BLOCK ? n - first : BLOCK;                              \
                for (size_t i = 0; i < count; i++) e[i] = adj_core_exp_##S(x[first + i] - m);      \
                sum += adj_row_sum_##S(e, e, 0, count);                                            \
            }                                                                                      \
            T l = adj_core_log_##S(sum);                                                           \
            if (!ignored) *loss = l - (x[p->targets[r]] - m);                                      \
            if (p->y == NULL) continue;                                                            \
            T *y = (T *)p->y + r * n;                                                              \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t i = 0; i < n; i++) y[i] = (x[i] - m) - l;                                  \
        }                                                                                          \
    }                                                                                              \
    void adj_cross_entropy_forward_##S(const T *logits, const int64_t *targets, size_t n,          \
                                       size_t classes, int64_t ignore, T *loss_sum,                \
                                       T *log_softmax_or_null, size_t *count) {                    \
        *count = 0;                                                                                \
        *loss_sum = 0;                                                                             \
        if (n == 0) return;                                                                        \
        T *losses = adj_alloc(n * sizeof(T));                                                      \
        if (losses == NULL) __builtin_trap();                                                      \
        entropy_plan p = {logits, targets, classes, ignore, 0, losses, log_softmax_or_null};       \
        adj_parallel(n, GRAIN / (classes + 1) + 1, forward_##S, &p);                               \
        for (size_t r = 0; r < n; r++) *count += targets[r] != ignore;                             \
        adj_sum_##S(losses, loss_sum, 1, n, 1);                                                    \
        adj_free(losses, n * sizeof(T));                                                           \
    }                                                                                              \
    ADJ_MULTIVERSION static void backward_##S(size_t begin, size_t end, void *context) {           \
        const entropy_plan *p = context;                                                           \
        size_t n = p->classes;                                                                     \
        T scale = (T)p->scale;                                                                     \
        for (size_t r = begin; r < end; r++) {                                                     \
            const T *x = (const T *)p->x + r * n;                                                  \
            T *y = (T *)p->y + r * n;                                                              \
            if (p->targets[r] == p->ignore) {                                                      \
                for (size_t i = 0; i < n; i++) y[i] = 0;                                           \
                continue;                                                                          \
            }                                                                                      \
            size_t target = (size_t)p->targets[r];                                                 \
            T own = (adj_core_exp_##S(x[target]) - 1) * scale;                                     \
            ADJ_VECTOR_LOOP                                                                        \
            for (size_t i = 0; i < n; i++) y[i] = adj_core_exp_##S(x[i]) * scale;                  \
            y[target] = own;                                                                       \
        }                                                                                          \
    }                                                                                              \
    void adj_cross_entropy_backward_##S(const T *log_softmax, const int64_t *targets, size_t n,    \
                                        size_t classes, int64_t ignore, T scale, T *gx) {          \
        entropy_plan p = {log_softmax, targets, classes, ignore, (double)scale, NULL, gx};         \
        adj_parallel(n, GRAIN / (classes + 1) + 1, backward_##S, &p);                              \
    }

ADJ_CROSS_ENTROPY(f32, float)
ADJ_CROSS_ENTROPY(f64, double)
