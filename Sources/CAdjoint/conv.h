#ifndef ADJOINT_CONV_PRIVATE_H
#define ADJOINT_CONV_PRIVATE_H

#include <stddef.h>

#include "include/adjoint_conv.h"

/// A correlation without its numbers: output o sums, over channels and taps,
/// source[o * step + tap] in each dimension, and zero outside the source.
///
/// The work is cut into bands of output rows. A band's piece of the source is copied into a patch
/// with the zeros written out, and, for steps above one, with the positions o * step + r of each
/// remainder r gathered into a plane of their own. Then neighbours in the output are neighbours in
/// memory for every tap, and a row of the matrix of patches is a pointer into the patch.
typedef struct {
    size_t channels, taps[3];
    size_t source[3], out[3];
    ptrdiff_t step[3];
    ptrdiff_t *tap[3];        // of each dimension
    ptrdiff_t least[3];       // tap
    size_t extent[3];         // of a band's piece of the source
    size_t pitch[3];          // positions of a plane in each dimension
    size_t plane, channel;    // elements of the patch
    size_t bandRows, bands;   // bands of output rows (dimension 1), of one index in dimension 0
    ptrdiff_t *offsets;       // of channel and tap, in the order of the weights
    size_t allTaps;
    int direct;               // the source can be read in place
} adj_conv_plan;

/// Completes a plan whose first five fields are set; the fields of `tap` are then the plan's own.
void adj_conv_plan_finish(adj_conv_plan *plan);
void adj_conv_plan_free(adj_conv_plan *plan);

/// The shape with exactly three dimensions, ones in front.
adj_conv_shape adj_conv_three(const adj_conv_shape *shape);

/// The plan of a forward convolution.
void adj_conv_plan_forward(adj_conv_plan *plan, const adj_conv_shape *three);

#endif
