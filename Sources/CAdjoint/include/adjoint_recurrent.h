#ifndef ADJOINT_RECURRENT_H
#define ADJOINT_RECURRENT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Declares the walk of an LSTM over `steps` steps, all arrays row-major. `order` is 1 for the
/// first step first, -1 for the last step first. The gates i, f, g, o lie one after the other, each
/// `n` wide; the inputs' share of them, `gates`, is given for all steps.
///
/// forward: a = activated gates of gates + h weightᵀ; c' = f c + i g; h' = o tanh(c'). gates and a
/// are [steps, batch, 4n], h and c [steps, batch, n], h0 and c0 [batch, n], weight [4n, n].
///
/// backward: from the gradients of h and c, NULL for zero, those of gates, h0 and c0. The one of
/// the weight follows: the sum of d_gatesᵀ h over the steps.
#define ADJ_DECLARE_LSTM(SUFFIX, T)                                                                \
    void adj_lstm_forward_##SUFFIX(const T *gates, const T *weight, const T *h0, const T *c0,      \
                                   T *h, T *a, T *c, size_t steps, size_t batch, size_t n,         \
                                   int order);                                                     \
    void adj_lstm_backward_##SUFFIX(const T *d_h, const T *d_c, const T *weight, const T *c0,      \
                                    const T *a, const T *c, T *d_gates, T *d_h0, T *d_c0,          \
                                    size_t steps, size_t batch, size_t n, int order);

ADJ_DECLARE_LSTM(f32, float)
ADJ_DECLARE_LSTM(f64, double)

#ifdef __cplusplus
}
#endif

#endif
