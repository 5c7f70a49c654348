//===--- normalize_entropy.c - cross entropy against classes by number ------------------------===//

#include "adjoint_memory.h"
#include "adjoint_normalize.h"
#include "adjoint_reduce.h"
#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath_exp_block.h"

#define GRAIN ((size_t)1 << 13)

typedef struct {
    const void *x;
    const int64_t *targets;
    size_t classes;
    int64_t ignore;
    double scale;
    void *losses, *y;
} entropy_plan;

#define ADJ_CROSS_ENTROPY(S, T)                                                                    \
    /** The loss of a row with extreme m and l = log Σ exp(x - m), and its log-softmax. */         \
    ADJ_INLINE void finish_##S(const entropy_plan *p, size_t r, T m, T l) {                        \
        const T *x = (const T *)p->x + r * p->classes;                                             \
        int ignored = p->targets[r] == p->ignore;                                                  \
        ((T *)p->losses)[r] = ignored ? 0 : l - (x[p->targets[r]] - m);                            \
        if (p->y == NULL) return;                                                                  \
        T *y = (T *)p->y + r * p->classes;                                                         \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t i = 0; i < p->classes; i++) y[i] = (x[i] - m) - l;                             \
    }                                                                                              \
    ADJ_MULTIVERSION static void forward_##S(size_t begin, size_t end, void *context) {            \
        const entropy_plan *p = context;                                                           \
        size_t n = p->classes;                                                                     \
        for (size_t r = begin; n <= ADJ_SHORT_ROW && r < end;) {                                   \
            T e[ADJ_EXP_BLOCK], m[ADJ_EXP_BLOCK], sum[ADJ_EXP_BLOCK];                              \
            size_t group = n > 1 ? ADJ_EXP_BLOCK / n : ADJ_EXP_BLOCK;                              \
            size_t count = end - r < group ? end - r : group;                                      \
            adj_exp_rows_##S((const T *)p->x + r * n, count, n, m, sum, e);                        \
            for (size_t k = 0; k < count; k++) sum[k] = adj_core_log_##S(sum[k]);                  \
            for (size_t k = 0; k < count; k++) finish_##S(p, r + k, m[k], sum[k]);                 \
            r += count;                                                                            \
        }                                                                                          \
        for (size_t r = n <= ADJ_SHORT_ROW ? end : begin; r < end; r++) {                          \
            const T *x = (const T *)p->x + r * n;                                                  \
            T m = adj_row_max_##S(x, n);                                                           \
            finish_##S(p, r, m, adj_core_log_##S(adj_exp_sum_##S(x, m, n)));                       \
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
