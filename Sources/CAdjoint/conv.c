// The plan of a convolution: bands, patches and offsets. No arithmetic on elements here.

#include "conv.h"

#include <string.h>

#include "include/adjoint_memory.h"

enum {
    patchElements = 96 << 10,  // of a band's patch, so that it stays in the second-level cache
    bandColumns = 1024,        // of a band, about
};

adj_conv_shape adj_conv_three(const adj_conv_shape *shape) {
    adj_conv_shape three = *shape;
    three.dims = 3;
    size_t shift = 3 - shape->dims;
    for (size_t d = 0; d < 3; d++) {
        int given = d >= shift;
        three.in[d] = given ? shape->in[d - shift] : 1;
        three.kernel[d] = given ? shape->kernel[d - shift] : 1;
        three.out[d] = given ? shape->out[d - shift] : 1;
        three.stride[d] = given ? shape->stride[d - shift] : 1;
        three.padding[d] = given ? shape->padding[d - shift] : 0;
        three.dilation[d] = given ? shape->dilation[d - shift] : 1;
    }
    return three;
}

static size_t ceil_divide(size_t a, size_t b) { return (a + b - 1) / b; }

/// Extents of a patch for bands of `rows` output rows; returns its elements.
static size_t measure(adj_conv_plan *plan, size_t rows) {
    size_t planes = 1;
    plan->plane = 1;
    for (int d = 0; d < 3; d++) {
        ptrdiff_t most = plan->tap[d][0];
        for (size_t t = 0; t < plan->taps[d]; t++) {
            if (plan->tap[d][t] > most) most = plan->tap[d][t];
        }
        size_t count = d == 0 ? 1 : d == 1 ? rows : plan->out[d];
        size_t step = (size_t)plan->step[d];
        plan->extent[d] = (count - 1) * step + (size_t)(most - plan->least[d]) + 1;
        plan->pitch[d] = ceil_divide(plan->extent[d], step);
        plan->plane *= plan->pitch[d];
        planes *= step;
    }
    plan->channel = planes * plan->plane;
    return plan->channel * plan->channels;
}

void adj_conv_plan_finish(adj_conv_plan *plan) {
    plan->direct = 1;
    for (int d = 0; d < 3; d++) {
        ptrdiff_t least = plan->tap[d][0], most = least;
        for (size_t t = 1; t < plan->taps[d]; t++) {
            if (plan->tap[d][t] < least) least = plan->tap[d][t];
            if (plan->tap[d][t] > most) most = plan->tap[d][t];
        }
        plan->least[d] = least;
        ptrdiff_t end = most + (ptrdiff_t)plan->out[d];
        if (plan->step[d] != 1 || least < 0 || end > (ptrdiff_t)plan->source[d]) {
            plan->direct = 0;
        }
    }
    size_t rows = plan->out[1];
    size_t most = ceil_divide(bandColumns, plan->out[2]);
    if (rows > most) rows = ceil_divide(rows, ceil_divide(rows, most));
    while (measure(plan, rows) > patchElements && rows > 1 && !plan->direct) {
        rows = ceil_divide(rows, 2);
    }
    plan->bandRows = rows;
    plan->bands = ceil_divide(plan->out[1], rows);
    if (plan->direct) {
        for (int d = 0; d < 3; d++) plan->pitch[d] = plan->source[d];
        plan->plane = plan->channel = plan->source[0] * plan->source[1] * plan->source[2];
    }
    plan->allTaps = plan->taps[0] * plan->taps[1] * plan->taps[2];
    plan->offsets = adj_alloc(plan->channels * plan->allTaps * sizeof(ptrdiff_t));
    ptrdiff_t *to = plan->offsets;
    for (size_t c = 0; c < plan->channels; c++) {
        for (size_t tap = 0; tap < plan->allTaps; tap++) {
            size_t index[3] = {tap / plan->taps[2] / plan->taps[1],
                               tap / plan->taps[2] % plan->taps[1], tap % plan->taps[2]};
            size_t phase = 0, at = 0;
            for (int d = 0; d < 3; d++) {
                ptrdiff_t from = plan->direct ? 0 : plan->least[d];
                size_t e = (size_t)(plan->tap[d][index[d]] - from), step = (size_t)plan->step[d];
                phase = phase * step + e % step;
                at = at * plan->pitch[d] + e / step;
            }
            *to++ = (ptrdiff_t)(c * plan->channel + phase * plan->plane + at);
        }
    }
}

void adj_conv_plan_forward(adj_conv_plan *plan, const adj_conv_shape *three) {
    plan->channels = three->inChannels / three->groups;
    for (int d = 0; d < 3; d++) {
        plan->taps[d] = three->kernel[d];
        plan->source[d] = three->in[d];
        plan->out[d] = three->out[d];
        plan->step[d] = three->stride[d];
        plan->tap[d] = adj_alloc(three->kernel[d] * sizeof(ptrdiff_t));
        for (size_t t = 0; t < three->kernel[d]; t++) {
            plan->tap[d][t] = (ptrdiff_t)t * three->dilation[d] - three->padding[d];
        }
    }
    adj_conv_plan_finish(plan);
}

void adj_conv_plan_free(adj_conv_plan *plan) {
    for (int d = 0; d < 3; d++) adj_free(plan->tap[d], plan->taps[d] * sizeof(ptrdiff_t));
    adj_free(plan->offsets, plan->channels * plan->allTaps * sizeof(ptrdiff_t));
}
