// Weighted sums along one dimension: interpolation, pooling over ranges, and their transposes.

#include "include/adjoint_conv.h"
#include "include/adjoint_threads.h"
#include "multiversion.h"

#pragma STDC FP_CONTRACT OFF

typedef struct {
    const adj_resample_table *table;
    size_t inner;
    const void *from;
    void *to;
} Resample;

// A unit of work is one position of the result in one outer plane: a row of `inner` numbers.
#define DEFINE_RESAMPLE(T, F)                                                                  \
    ADJ_MULTIVERSION static void weigh_first_##F(const T *x, T w, size_t n, T *restrict y) {   \
        for (size_t i = 0; i < n; i++) y[i] = x[i] * w;                                        \
    }                                                                                          \
    ADJ_MULTIVERSION static void weigh_more_##F(const T *x, T w, size_t n, T *restrict y) {    \
        for (size_t i = 0; i < n; i++) y[i] += x[i] * w;                                       \
    }                                                                                          \
    static void resample_rows_##F(size_t begin, size_t end, void *context) {                   \
        const Resample *g = context;                                                           \
        const adj_resample_table *t = g->table;                                                \
        size_t inner = g->inner;                                                               \
        for (size_t row = begin; row < end; row++) {                                           \
            size_t j = row % t->out;                                                           \
            const T *x = (const T *)g->from + row / t->out * t->in * inner;                    \
            T *y = (T *)g->to + row * inner;                                                   \
            size_t first = (size_t)t->starts[j], last = (size_t)t->starts[j + 1];              \
            if (inner == 1) {                                                                  \
                T sum = 0;                                                                     \
                for (size_t k = first; k < last; k++)                                          \
                    sum += x[t->positions[k]] * (T)t->weights[k];                              \
                *y = sum;                                                                      \
                continue;                                                                      \
            }                                                                                  \
            if (first == last) for (size_t i = 0; i < inner; i++) y[i] = 0;                    \
            for (size_t k = first; k < last; k++) {                                            \
                const T *tap = x + (size_t)t->positions[k] * inner;                            \
                if (k == first) weigh_first_##F(tap, (T)t->weights[k], inner, y);              \
                else weigh_more_##F(tap, (T)t->weights[k], inner, y);                          \
            }                                                                                  \
        }                                                                                      \
    }                                                                                          \
                                                                                               \
    void adj_resample_##F(const adj_resample_table *table, size_t outer, size_t inner,         \
                          const T *x, T *y) {                                                  \
        Resample g = {.table = table, .inner = inner, .from = x, .to = y};                     \
        size_t taps = (size_t)table->starts[table->out] / (table->out ? table->out : 1) + 1;   \
        size_t rows = 1 + 32768 / (taps * inner + 1);                                          \
        adj_parallel(outer * table->out, rows, resample_rows_##F, &g);                         \
    }

DEFINE_RESAMPLE(float, f32)
DEFINE_RESAMPLE(double, f64)
