// Convolutions forward and to the input, written once for both precisions. The file that includes
// it defines T, F (the suffix) and NAME(x), which appends the suffix.
//
// The weights are packed once as the left matrix; the micro-kernel takes the rows of the right one
// by their offsets in the patch. Columns of a tile run over the end of an output row into columns
// that no output has; they are left out when the tile's rows are copied to their place.

#include "conv.h"
#include "gemm.h"
#include "include/adjoint_memory.h"
#include "include/adjoint_threads.h"
#include "multiversion.h"

#include <string.h>

enum { depth = 384 };  // of one call of the micro-kernel

static inline size_t NAME(up)(size_t a, size_t b) { return (a + b - 1) / b; }
static inline size_t NAME(min)(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t NAME(part)(size_t total, size_t count, size_t i) { return total * i / count; }

/// Copies one row of the source into the planes of its remainders, with zeros outside.
static inline void NAME(patch_row)(const adj_conv_plan *plan, const T *source, T *to) {
    ptrdiff_t width = (ptrdiff_t)plan->source[2], step = plan->step[2];
    for (ptrdiff_t phase = 0; phase < step; phase++, to += plan->plane) {
        ptrdiff_t count = (ptrdiff_t)plan->pitch[2], first = plan->least[2] + phase;
        ptrdiff_t before = first < 0 ? (-first + step - 1) / step : 0;
        ptrdiff_t inside = first < width ? (width - first + step - 1) / step : 0;
        if (before > count) before = count;
        if (inside > count) inside = count;
        if (inside < before) inside = before;
        for (ptrdiff_t i = 0; i < before; i++) to[i] = 0;
        if (step == 1) {
            adj_copy_run(to + before, source + first + before,
                         (size_t)(inside - before) * sizeof(T));
        } else {
            for (ptrdiff_t i = before; i < inside; i++) to[i] = source[first + i * step];
        }
        for (ptrdiff_t i = inside; i < count; i++) to[i] = 0;
    }
}

/// Fills the patch of the band that begins at output (o0, o1), for some of the channels.
ADJ_MULTIVERSION static void NAME(fill_patch)(const adj_conv_plan *plan, const T *source, size_t o0,
                                              size_t o1, size_t channels, T *patch) {
    size_t spatial = plan->source[0] * plan->source[1] * plan->source[2];
    ptrdiff_t base0 = (ptrdiff_t)o0 * plan->step[0] + plan->least[0];
    ptrdiff_t base1 = (ptrdiff_t)o1 * plan->step[1] + plan->least[1];
    size_t step0 = (size_t)plan->step[0], step1 = (size_t)plan->step[1];
    size_t step2 = (size_t)plan->step[2];
    for (size_t c = 0; c < channels; c++) {
        for (size_t e0 = 0; e0 < plan->pitch[0] * step0; e0++) {
            for (size_t e1 = 0; e1 < plan->pitch[1] * step1; e1++) {
                ptrdiff_t i0 = base0 + (ptrdiff_t)e0, i1 = base1 + (ptrdiff_t)e1;
                T *to = patch + c * plan->channel +
                        (e0 % step0 * step1 + e1 % step1) * step2 * plan->plane +
                        (e0 / step0 * plan->pitch[1] + e1 / step1) * plan->pitch[2];
                if (i0 >= 0 && i0 < (ptrdiff_t)plan->source[0] && i1 >= 0 &&
                    i1 < (ptrdiff_t)plan->source[1]) {
                    const T *row = source + c * spatial +
                                   ((size_t)i0 * plan->source[1] + (size_t)i1) * plan->source[2];
                    NAME(patch_row)(plan, row, to);
                } else {
                    for (size_t phase = 0; phase < step2; phase++) {
                        memset(to + phase * plan->plane, 0, plan->pitch[2] * sizeof(T));
                    }
                }
            }
        }
    }
}

/// The patch of a band: the source in place, or filled into `room`.
static const T *NAME(patch_of)(const adj_conv_plan *plan, const T *source, size_t o0, size_t o1,
                               size_t channels, T *room) {
    if (plan->direct) return source + (o0 * plan->source[1] + o1) * plan->source[2];
    NAME(fill_patch)(plan, source, o0, o1, channels, room);
    return room;
}

/// A correlation with many sources and a matrix for each group.
typedef struct {
    adj_conv_plan plan;
    const NAME(adj_kernels) * kernels;
    size_t batch, groups, rows, panels;
    const T *source;
    T *weights;                  // packed: groups x panels x (channels x taps) x kernels->panel
    T *out;
    size_t sourceGroup, outRow;  // elements of a group's channels, of one output channel
    size_t outStep[3];           // elements between outputs of each dimension
} NAME(Correlation);

/// Copies the columns of a band that are outputs: `rows` x (lines x width) at a pitch.
ADJ_MULTIVERSION static void NAME(copy_out)(const NAME(Correlation) * g, const T *from, size_t ld,
                                            size_t lines, T *to) {
    size_t width = g->plan.out[2], pitch = g->plan.pitch[2], step = g->outStep[2];
    for (size_t i = 0; i < g->rows; i++) {
        for (size_t line = 0; line < lines; line++) {
            const T *a = from + i * ld + line * pitch;
            T *b = to + i * g->outRow + line * g->outStep[1];
            if (step == 1) {
                adj_copy_run(b, a, width * sizeof(T));
            } else {
                for (size_t j = 0; j < width; j++) b[j * step] = a[j];
            }
        }
    }
}

static void NAME(multiply_band)(const NAME(Correlation) * g, const T *weights, const T *patch,
                                size_t columns, T *tile, size_t ld) {
    size_t width = 2 * (size_t)g->kernels->lanes, height = (size_t)g->kernels->panel;
    size_t k = g->plan.channels * g->plan.allTaps, depths = NAME(up)(k, depth);
    size_t j = 0, cols;
    if (g->rows <= adj_wide_rows) {
        cols = (size_t)(g->kernels->wideVectors[g->rows - 1] * g->kernels->lanes);
        for (; j + cols <= columns; j += cols) {
            g->kernels->wide[g->rows - 1](k, weights, 1, (ptrdiff_t)height, patch + j, 0,
                                          g->plan.offsets, tile + j, (ptrdiff_t)ld, (int)cols, 1,
                                          0);
        }
    }
    for (; j < columns; j += width) {
        cols = NAME(min)(width, columns - j);
        int shape = cols == width ? 0 : 2 * cols > width ? 1 : 2;
        for (size_t d = 0; d < depths; d++) {
            size_t p0 = NAME(part)(k, depths, d), p1 = NAME(part)(k, depths, d + 1);
            for (size_t r = 0; r < g->panels; r++) {
                size_t i = NAME(part)(g->rows, g->panels, r);
                size_t rows = NAME(part)(g->rows, g->panels, r + 1) - i;
                g->kernels->offset[rows - 1][shape](
                    p1 - p0, weights + (r * k + p0) * height, 1, (ptrdiff_t)height, patch + j, 0,
                    g->plan.offsets + p0, tile + i * ld + j, (ptrdiff_t)ld, (int)cols, 1,
                    d ? 1 : 0);
            }
        }
    }
}

static void NAME(correlate_bands)(size_t begin, size_t end, void *context) {
    const NAME(Correlation) *g = context;
    const adj_conv_plan *plan = &g->plan;
    size_t k = plan->channels * plan->allTaps, pitch = plan->pitch[2];
    size_t most = (plan->bandRows - 1) * pitch + plan->out[2];
    size_t ld = NAME(up)(most, 16) * 16 + 16;
    int inPlace = pitch == plan->out[2] && g->outStep[2] == 1 && g->outStep[1] == plan->out[2];
    size_t patchBytes = (plan->direct ? 0 : plan->channels * plan->channel) * sizeof(T);
    size_t tileBytes = (inPlace ? 0 : g->rows * ld) * sizeof(T);
    T *room = adj_alloc(patchBytes), *tile = adj_alloc(tileBytes);
    for (size_t task = begin; task < end; task++) {
        size_t band = task % plan->bands, o0 = task / plan->bands % plan->out[0];
        size_t item = task / plan->bands / plan->out[0], group = item % g->groups;
        size_t o1 = band * plan->bandRows, lines = NAME(min)(plan->bandRows, plan->out[1] - o1);
        const T *patch = NAME(patch_of)(plan, g->source + item * g->sourceGroup, o0, o1,
                                        plan->channels, room);
        const T *weights = g->weights + group * g->panels * k * (size_t)g->kernels->panel;
        T *to = g->out + item * g->rows * g->outRow + o0 * g->outStep[0] + o1 * g->outStep[1];
        size_t columns = (lines - 1) * pitch + plan->out[2];
        if (inPlace) {
            NAME(multiply_band)(g, weights, patch, columns, to, g->outRow);
        } else {
            NAME(multiply_band)(g, weights, patch, columns, tile, ld);
            NAME(copy_out)(g, tile, ld, lines, to);
        }
    }
    adj_free(room, patchBytes);
    adj_free(tile, tileBytes);
}

/// Runs a correlation whose plan is complete. `matrix` holds, group after group, rows x k weights.
static void NAME(correlate)(NAME(Correlation) * g, const T *matrix) {
    size_t k = g->plan.channels * g->plan.allTaps;
    g->kernels = NAME(adj_gemm_kernels)();
    size_t height = (size_t)g->kernels->panel;
    g->panels = NAME(up)(g->rows, (size_t)g->kernels->rows);
    size_t bytes = g->groups * g->panels * k * height * sizeof(T);
    g->weights = adj_alloc(bytes);
    for (size_t group = 0; group < g->groups; group++) {
        for (size_t r = 0; r < g->panels; r++) {
            size_t i = NAME(part)(g->rows, g->panels, r);
            size_t rows = NAME(part)(g->rows, g->panels, r + 1) - i;
            NAME(adj_pack_across)(g->weights + (group * g->panels + r) * k * height, height, rows,
                                  k, matrix + (group * g->rows + i) * k, k);
        }
    }
    size_t tasks = g->batch * g->groups * g->plan.out[0] * g->plan.bands;
    size_t work = g->rows * k * g->plan.bandRows * g->plan.pitch[2];
    adj_parallel(tasks, 1 + (size_t)(1 << 18) / (work + 1), NAME(correlate_bands), g);
    adj_free(g->weights, bytes);
}

void NAME(adj_conv_forward)(const adj_conv_shape *shape, const T *x, const T *w, T *y) {
    adj_conv_shape s = adj_conv_three(shape);
    size_t outputs = s.out[0] * s.out[1] * s.out[2];
    size_t count = s.batch * s.outChannels * outputs;
    if (count == 0) return;
    if (s.inChannels == 0) {
        memset(y, 0, count * sizeof(T));
        return;
    }
    NAME(Correlation) g = {
        .batch = s.batch, .groups = s.groups, .rows = s.outChannels / s.groups, .source = x,
        .out = y, .sourceGroup = s.inChannels / s.groups * s.in[0] * s.in[1] * s.in[2],
        .outRow = outputs, .outStep = {s.out[1] * s.out[2], s.out[2], 1}};
    adj_conv_plan_forward(&g.plan, &s);
    NAME(correlate)(&g, w);
    adj_conv_plan_free(&g.plan);
}

/// The taps that reach the inputs of one remainder, as (kernel index, offset of the output).
static size_t NAME(taps_of)(const adj_conv_shape *s, int d, ptrdiff_t remainder, size_t *index,
                            ptrdiff_t *tap) {
    size_t count = 0;
    for (size_t t = 0; t < s->kernel[d]; t++) {
        ptrdiff_t at = remainder + s->padding[d] - (ptrdiff_t)t * s->dilation[d];
        if (at % s->stride[d] != 0) continue;
        index[count] = t;
        tap[count++] = at / s->stride[d];
    }
    return count;
}

/// Gathers w as [groups, inChannels / groups, (outChannels / groups, chosen taps)].
static void NAME(turn_weights)(const adj_conv_shape *s, const T *w, size_t *const index[3],
                               const size_t taps[3], T *to) {
    size_t ins = s->inChannels / s->groups, outs = s->outChannels / s->groups;
    size_t all = s->kernel[0] * s->kernel[1] * s->kernel[2];
    for (size_t group = 0; group < s->groups; group++) {
        for (size_t i = 0; i < ins; i++) {
            for (size_t o = 0; o < outs; o++) {
                const T *from = w + ((group * outs + o) * ins + i) * all;
                for (size_t t0 = 0; t0 < taps[0]; t0++) {
                    for (size_t t1 = 0; t1 < taps[1]; t1++) {
                        for (size_t t2 = 0; t2 < taps[2]; t2++) {
                            *to++ = from[(index[0][t0] * s->kernel[1] + index[1][t1]) *
                                             s->kernel[2] + index[2][t2]];
                        }
                    }
                }
            }
        }
    }
}

/// The gradient at the inputs whose positions leave the given remainders by the strides: a
/// correlation of gy, of step one, with those taps that meet them.
static void NAME(input_phase)(const adj_conv_shape *s, const ptrdiff_t remainder[3], const T *gy,
                              const T *w, T *gx) {
    size_t outs = s->outChannels / s->groups, ins = s->inChannels / s->groups;
    NAME(Correlation) g = {
        .batch = s->batch, .groups = s->groups, .rows = ins, .source = gy,
        .sourceGroup = outs * s->out[0] * s->out[1] * s->out[2],
        .outRow = s->in[0] * s->in[1] * s->in[2],
        .outStep = {(size_t)s->stride[0] * s->in[1] * s->in[2], (size_t)s->stride[1] * s->in[2],
                    (size_t)s->stride[2]}};
    g.out = gx + ((size_t)remainder[0] * s->in[1] + (size_t)remainder[1]) * s->in[2] +
            (size_t)remainder[2];
    g.plan.channels = outs;
    size_t *index[3], room[3], chosen = 1;
    for (int d = 0; d < 3; d++) {
        room[d] = s->kernel[d];
        index[d] = adj_alloc(room[d] * sizeof(size_t));
        ptrdiff_t *all = adj_alloc(room[d] * sizeof(ptrdiff_t));
        g.plan.taps[d] = NAME(taps_of)(s, d, remainder[d], index[d], all);
        g.plan.tap[d] = adj_alloc(g.plan.taps[d] * sizeof(ptrdiff_t));
        memcpy(g.plan.tap[d], all, g.plan.taps[d] * sizeof(ptrdiff_t));
        adj_free(all, room[d] * sizeof(ptrdiff_t));
        chosen *= g.plan.taps[d];
        g.plan.source[d] = s->out[d];
        g.plan.step[d] = 1;
        g.plan.out[d] = NAME(up)(s->in[d] - (size_t)remainder[d], (size_t)s->stride[d]);
    }
    if (chosen > 0) {
        adj_conv_plan_finish(&g.plan);
        size_t bytes = s->groups * ins * outs * chosen * sizeof(T);
        T *matrix = adj_alloc(bytes);
        NAME(turn_weights)(s, w, index, g.plan.taps, matrix);
        NAME(correlate)(&g, matrix);
        adj_free(matrix, bytes);
        adj_conv_plan_free(&g.plan);
    } else {
        for (int d = 0; d < 3; d++) {
            adj_free(g.plan.tap[d], g.plan.taps[d] * sizeof(ptrdiff_t));
        }
    }
    for (int d = 0; d < 3; d++) adj_free(index[d], room[d] * sizeof(size_t));
}

void NAME(adj_conv_backward_input)(const adj_conv_shape *shape, const T *gy, const T *w, T *gx) {
    adj_conv_shape s = adj_conv_three(shape);
    size_t count = s.batch * s.inChannels * s.in[0] * s.in[1] * s.in[2];
    size_t positions = s.out[0] * s.out[1] * s.out[2];
    if (count == 0) return;
    int covered = s.outChannels * positions > 0;
    for (int d = 0; d < 3; d++) covered = covered && s.stride[d] == 1;
    if (!covered) memset(gx, 0, count * sizeof(T));
    if (s.outChannels * positions == 0) return;
    ptrdiff_t at[3];
    for (at[0] = 0; at[0] < s.stride[0] && at[0] < (ptrdiff_t)s.in[0]; at[0]++) {
        for (at[1] = 0; at[1] < s.stride[1] && at[1] < (ptrdiff_t)s.in[1]; at[1]++) {
            for (at[2] = 0; at[2] < s.stride[2] && at[2] < (ptrdiff_t)s.in[2]; at[2]++) {
                NAME(input_phase)(&s, at, gy, w, gx);
            }
        }
    }
}
