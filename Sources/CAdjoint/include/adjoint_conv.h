#ifndef ADJOINT_CONV_H
#define ADJOINT_CONV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A convolution: x is [batch, inChannels, in...], w is [outChannels, inChannels / groups,
/// kernel...], y is [batch, outChannels, out...], all contiguous. `dims` is 1, 2 or 3.
/// out = (in + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1 in each dimension.
typedef struct {
    size_t batch, inChannels, outChannels, groups;
    size_t dims;
    size_t in[3], kernel[3], out[3];
    ptrdiff_t stride[3], padding[3], dilation[3];
} adj_conv_shape;

/// y = x * w (cross-correlation, as PyTorch's convolutions are). Overwrites y.
void adj_conv_forward_f32(const adj_conv_shape *shape, const float *x, const float *w, float *y);
void adj_conv_forward_f64(const adj_conv_shape *shape, const double *x, const double *w, double *y);

/// The gradient of the input from the gradient gy of the output. Overwrites gx.
void adj_conv_backward_input_f32(const adj_conv_shape *shape, const float *gy, const float *w,
                                 float *gx);
void adj_conv_backward_input_f64(const adj_conv_shape *shape, const double *gy, const double *w,
                                 double *gx);

/// The gradient of the weight from the gradient gy of the output. Overwrites gw.
void adj_conv_backward_weight_f32(const adj_conv_shape *shape, const float *gy, const float *x,
                                  float *gw);
void adj_conv_backward_weight_f64(const adj_conv_shape *shape, const double *gy, const double *x,
                                  double *gw);

/// The largest element of every window, and its index in its plane. `planes` is batch x channels.
/// Padding never wins; the first of equal elements does, and a NaN wins over numbers.
void adj_maxpool_forward_f32(size_t planes, size_t dims, const size_t *in, const size_t *kernel,
                             const size_t *out, const ptrdiff_t *stride, const ptrdiff_t *padding,
                             const ptrdiff_t *dilation, const float *x, float *y, int64_t *index);
void adj_maxpool_forward_f64(size_t planes, size_t dims, const size_t *in, const size_t *kernel,
                             const size_t *out, const ptrdiff_t *stride, const ptrdiff_t *padding,
                             const ptrdiff_t *dilation, const double *x, double *y,
                             int64_t *index);

/// Adds each gy to the element that its window chose; inCount and outCount are per plane. Returns how
/// many positions lie outside of their plane: their gy is added to nothing.
size_t adj_maxpool_backward_f32(size_t planes, size_t inCount, size_t outCount, const float *gy,
                                const int64_t *index, float *gx);
size_t adj_maxpool_backward_f64(size_t planes, size_t inCount, size_t outCount, const double *gy,
                                const int64_t *index, double *gx);

/// The mean of every window: divided by divisorOverride if that is not 0, by the window with its
/// padding if countIncludePad, and otherwise by the elements that lie inside.
void adj_avgpool_forward_f32(size_t planes, size_t dims, const size_t *in, const size_t *kernel,
                             const size_t *out, const ptrdiff_t *stride, const ptrdiff_t *padding,
                             int countIncludePad, ptrdiff_t divisorOverride, const float *x,
                             float *y);
void adj_avgpool_forward_f64(size_t planes, size_t dims, const size_t *in, const size_t *kernel,
                             const size_t *out, const ptrdiff_t *stride, const ptrdiff_t *padding,
                             int countIncludePad, ptrdiff_t divisorOverride, const double *x,
                             double *y);

/// The transpose of `adj_avgpool_forward`. Overwrites gx.
void adj_avgpool_backward_f32(size_t planes, size_t dims, const size_t *in, const size_t *kernel,
                              const size_t *out, const ptrdiff_t *stride, const ptrdiff_t *padding,
                              int countIncludePad, ptrdiff_t divisorOverride, const float *gy,
                              float *gx);
void adj_avgpool_backward_f64(size_t planes, size_t dims, const size_t *in, const size_t *kernel,
                              const size_t *out, const ptrdiff_t *stride, const ptrdiff_t *padding,
                              int countIncludePad, ptrdiff_t divisorOverride, const double *gy,
                              double *gx);

/// The largest element of each range, and its index in its plane, where `out` ranges share each
/// dimension of `in`: position o takes floor(o in / out) up to ceil((o + 1) in / out). No size is 0.
void adj_adaptive_maxpool_f32(size_t planes, size_t dims, const size_t *in, const size_t *out,
                              const float *x, float *y, int64_t *index);
void adj_adaptive_maxpool_f64(size_t planes, size_t dims, const size_t *in, const size_t *out,
                              const double *x, double *y, int64_t *index);

/// Each of `out` positions is a weighted sum of some of `in` positions: position j of those from
/// starts[j] up to starts[j + 1] in `positions` and `weights`. Every position lies below `in`.
typedef struct {
    size_t in, out;
    const int64_t *starts, *positions;
    const double *weights;
} adj_resample_table;

/// y[outer, j, inner] = sum of weights times x[outer, position, inner]. Overwrites y.
void adj_resample_f32(const adj_resample_table *table, size_t outer, size_t inner, const float *x,
                      float *y);
void adj_resample_f64(const adj_resample_table *table, size_t outer, size_t inner,
                      const double *x, double *y);

#ifdef __cplusplus
}
#endif

#endif
