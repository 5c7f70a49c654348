//===--- optim.c - optimiser steps in one pass ------------------------------------------------===//

#include "adjoint_optim.h"

#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath.h"

#define GRAIN ((size_t)1 << 15)

typedef struct {
    void *p, *m, *v, *vmax;
    const void *g;
    double lr, momentum, dampening, weightDecay, beta1, beta2, eps, correction1, correction2;
    int nesterov, first, decoupled, maximize;
} step_plan;

// Loops take what is optional as a constant: a vector load that is masked off still costs
// microseconds where its address is null.
#define ADJ_OPTIM(S, T)                                                                            \
    ADJ_INLINE void sgd_loop_##S(const step_plan *s, size_t begin, size_t end, int buffered) {     \
        T *p = s->p, *buffer = s->m;                                                               \
        const T *gradient = s->g;                                                                  \
        T sign = s->maximize ? -1 : 1, decay = (T)s->weightDecay, step = (T)-s->lr;                \
        T momentum = (T)s->momentum, keep = (T)(1 - s->dampening);                                 \
        int decays = s->weightDecay != 0, first = s->first, nesterov = s->nesterov;                \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t i = begin; i < end; i++) {                                                     \
            T g = sign * gradient[i], w = p[i];                                                    \
            g = decays ? adj_fma(decay, w, g) : g;                                                 \
            if (buffered) {                                                                        \
                T b = first ? g : adj_fma(keep, g, momentum * buffer[i]);                          \
                buffer[i] = b;                                                                     \
                g = nesterov ? adj_fma(momentum, b, g) : b;                                        \
            }                                                                                      \
            p[i] = adj_fma(step, g, w);                                                            \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void sgd_##S(size_t begin, size_t end, void *context) {                \
        const step_plan *s = context;                                                              \
        if (s->m != NULL) sgd_loop_##S(s, begin, end, 1);                                          \
        else sgd_loop_##S(s, begin, end, 0);                                                       \
    }                                                                                              \
    void adj_sgd_##S(T *p, const T *g, T *momentumBuffer_or_null, size_t n, double lr,             \
                     double momentum, double dampening, double weightDecay, int nesterov,          \
                     int first, int maximize) {                                                    \
        step_plan s = {.p = p, .g = g, .m = momentumBuffer_or_null, .lr = lr,                      \
                       .momentum = momentum, .dampening = dampening, .weightDecay = weightDecay,   \
                       .nesterov = nesterov, .first = first, .maximize = maximize};                \
        adj_parallel(n, GRAIN, sgd_##S, &s);                                                       \
    }                                                                                              \
    ADJ_INLINE void adam_loop_##S(const step_plan *s, size_t begin, size_t end, int amsgrad) {     \
        T *p = s->p, *first = s->m, *second = s->v, *largest = s->vmax;                            \
        const T *gradient = s->g;                                                                  \
        T sign = s->maximize ? -1 : 1, decay = (T)s->weightDecay;                                  \
        T shrink = (T)(1 - s->lr * s->weightDecay);                                                \
        int decays = s->weightDecay != 0 && !s->decoupled;                                         \
        int shrinks = s->weightDecay != 0 && s->decoupled;                                         \
        T weight = (T)(1 - s->beta1), beta1 = (T)s->beta1, beta2 = (T)s->beta2;                    \
        T square = (T)(1 - s->beta2), eps = (T)s->eps, step = (T)-(s->lr / s->correction1);        \
        T root = (T)adj_sqrt(s->correction2);                                                      \
        int small = 1 - s->beta1 < 0.5;                                                            \
        ADJ_VECTOR_LOOP                                                                            \
        for (size_t i = begin; i < end; i++) {                                                     \
            T g = sign * gradient[i], w = p[i];                                                    \
            g = decays ? adj_fma(decay, w, g) : g;                                                 \
            w = shrinks ? w * shrink : w;                                                          \
            T m = first[i], d = g - m;                                                             \
            m = small ? adj_fma(weight, d, m) : adj_fma(-d, beta1, g);                             \
            T v = adj_fma(square * g, g, second[i] * beta2);                                       \
            first[i] = m;                                                                          \
            second[i] = v;                                                                         \
            if (amsgrad) {                                                                         \
                T l = largest[i];                                                                  \
                v = ((l > v) | (l != l)) ? l : v;                                                  \
                largest[i] = v;                                                                    \
            }                                                                                      \
            T denominator = adj_sqrt(v) / root + eps;                                              \
            p[i] = w + step * m / denominator;                                                     \
        }                                                                                          \
    }                                                                                              \
    ADJ_MULTIVERSION static void adam_##S(size_t begin, size_t end, void *context) {               \
        const step_plan *s = context;                                                              \
        if (s->vmax != NULL) adam_loop_##S(s, begin, end, 1);                                      \
        else adam_loop_##S(s, begin, end, 0);                                                      \
    }                                                                                              \
    void adj_adam_##S(T *p, const T *g, T *m, T *v, T *vmax_or_null, size_t n, double lr,          \
                      double beta1, double beta2, double eps, double weightDecay, int decoupled,   \
                      double biasCorrection1, double biasCorrection2, int maximize) {              \
        step_plan s = {.p = p, .g = g, .m = m, .v = v, .vmax = vmax_or_null, .lr = lr,             \
                       .beta1 = beta1, .beta2 = beta2, .eps = eps, .weightDecay = weightDecay,     \
                       .decoupled = decoupled, .correction1 = biasCorrection1,                     \
                       .correction2 = biasCorrection2, .maximize = maximize};                      \
        adj_parallel(n, GRAIN / 2, adam_##S, &s);                                                  \
    }

ADJ_OPTIM(f32, float)
ADJ_OPTIM(f64, double)
