//===--- adjoint_optim.h - optimiser steps in one pass ----------------------------------------===//
//
// PyTorch's formulas in PyTorch's order of operations; hyperparameters are double, and are rounded
// to the element type where they meet an element. Everything runs in parallel inside.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_OPTIM_H
#define ADJOINT_OPTIM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ADJ_DECLARE_OPTIM(S, T)                                                                    \
    /** Stochastic gradient descent. With momentum != 0 the buffer holds b = momentum b +           \
        (1 - dampening) g, or g in the `first` step; nesterov steps along g + momentum b. */       \
    void adj_sgd_##S(T *p, const T *g, T *momentumBuffer_or_null, size_t n, double lr,             \
                     double momentum, double dampening, double weightDecay, int nesterov,          \
                     int first, int maximize);                                                     \
    /** Adam, or AdamW where `decoupled`. biasCorrectionN = 1 - betaN^step. With vmax (AMSGrad) the \
        denominator uses the largest v so far. */                                                  \
    void adj_adam_##S(T *p, const T *g, T *m, T *v, T *vmax_or_null, size_t n, double lr,          \
                      double beta1, double beta2, double eps, double weightDecay, int decoupled,   \
                      double biasCorrection1, double biasCorrection2, int maximize);

ADJ_DECLARE_OPTIM(f32, float)
ADJ_DECLARE_OPTIM(f64, double)

#ifdef __cplusplus
}
#endif

#endif
