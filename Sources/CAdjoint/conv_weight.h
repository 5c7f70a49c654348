// The gradient of a convolution's weight, written once for both precisions; included after
// conv_driver.h.
//
// For a group it is the product (channel and tap) x outputs x (output channel), summed over bands
// of images. Bands are shared out to a number of partial sums that depends on the shape alone;
// the sums are added in order.

enum {
    mostPartials = 16,
    partialElements = 1 << 20,  // of all partial sums of a group, about
};

typedef struct {
    adj_conv_plan plan;
    const NAME(adj_kernels) * kernels;
    size_t groups, outs, units, partials, outputs;
    const T *x, *gy;
    T *sums;                     // groups x partials x (channels x taps) x outs
    T *gw;
} NAME(WeightGradient);

/// Copies the rows of patches of a few (channel, tap), each `lines` x out[2] numbers.
ADJ_MULTIVERSION static void NAME(gather_rows)(const adj_conv_plan *plan, const T *patch,
                                               const ptrdiff_t *offsets, size_t rows, size_t lines,
                                               T *to, size_t ld) {
    size_t width = plan->out[2], pitch = plan->pitch[2];
    for (size_t i = 0; i < rows; i++) {
        for (size_t line = 0; line < lines; line++) {
            adj_copy_run(to + i * ld + line * width, patch + offsets[i] + line * pitch,
                         width * sizeof(T));
        }
    }
}

/// Adds one band of one image to a partial sum: as dot products if gy was not `turned`.
static void NAME(add_band)(const NAME(WeightGradient) * g, const T *patch, size_t lines,
                           const T *gy, const T *turned, T *rowsOfPatches, size_t ld, T *sum,
                           int first) {
    const adj_conv_plan *plan = &g->plan;
    size_t k = plan->channels * plan->allTaps, width = 2 * (size_t)g->kernels->lanes;
    size_t positions = lines * plan->out[2];
    size_t panels = NAME(up)(k, (size_t)g->kernels->rows);
    for (size_t r = 0; r < panels; r++) {
        size_t i = NAME(part)(k, panels, r), rows = NAME(part)(k, panels, r + 1) - i;
        NAME(gather_rows)(plan, patch, plan->offsets + i, rows, lines, rowsOfPatches, ld);
        for (size_t o = 0; !turned && o < g->outs; o++) {
            NAME(adj_gemv)(0, rows, positions, 1, rowsOfPatches, ld, gy + o * g->outputs, 1,
                           first ? 0 : 1, sum + i * g->outs + o, g->outs);
        }
        for (size_t j = 0; turned && j < g->outs; j += width) {
            size_t cols = NAME(min)(width, g->outs - j);
            int shape = cols == width ? 0 : 2 * cols > width ? 1 : 2;
            g->kernels->strided[rows - 1][shape](
                positions, rowsOfPatches, (ptrdiff_t)ld, 1, turned + j * positions,
                (ptrdiff_t)width, NULL, sum + i * g->outs + j, (ptrdiff_t)g->outs, (int)cols, 1,
                first ? 0 : 1);
        }
    }
}

static void NAME(sum_bands)(size_t begin, size_t end, void *context) {
    const NAME(WeightGradient) *g = context;
    const adj_conv_plan *plan = &g->plan;
    size_t k = plan->channels * plan->allTaps, width = 2 * (size_t)g->kernels->lanes;
    size_t most = plan->bandRows * plan->out[2], ld = NAME(up)(most, 16) * 16 + 16;
    size_t spatial = plan->source[0] * plan->source[1] * plan->source[2];
    size_t patchBytes = (plan->direct ? 0 : plan->channels * plan->channel) * sizeof(T);
    size_t turnedBytes = most * NAME(up)(g->outs, width) * width * sizeof(T);
    size_t rowsBytes = (size_t)g->kernels->rows * ld * sizeof(T);
    // Few output channels would leave most lanes of a tile empty.
    int few = 2 * g->outs <= (size_t)g->kernels->lanes;
    T *room = adj_alloc(patchBytes), *turned = few ? NULL : adj_alloc(turnedBytes);
    T *rowsOfPatches = adj_alloc(rowsBytes);
    for (size_t task = begin; task < end; task++) {
        size_t group = task / g->partials, partial = task % g->partials;
        size_t from = NAME(part)(g->units, g->partials, partial);
        size_t to = NAME(part)(g->units, g->partials, partial + 1);
        for (size_t unit = from; unit < to; unit++) {
            size_t band = unit % plan->bands, o0 = unit / plan->bands % plan->out[0];
            size_t item = unit / plan->bands / plan->out[0] * g->groups + group;
            size_t o1 = band * plan->bandRows;
            size_t lines = NAME(min)(plan->bandRows, plan->out[1] - o1);
            size_t positions = lines * plan->out[2];
            const T *gy = g->gy + item * g->outs * g->outputs +
                          (o0 * plan->out[1] + o1) * plan->out[2];
            for (size_t j = 0; turned && j < g->outs; j += width) {
                NAME(adj_pack_across)(turned + j * positions, width, NAME(min)(width, g->outs - j),
                                      positions, gy + j * g->outputs, g->outputs);
            }
            const T *patch = NAME(patch_of)(plan, g->x + item * plan->channels * spatial, o0, o1,
                                            plan->channels, room);
            NAME(add_band)(g, patch, lines, gy, turned, rowsOfPatches, ld,
                           g->sums + task * k * g->outs, unit == from);
        }
    }
    adj_free(room, patchBytes);
    adj_free(turned, turnedBytes);
    adj_free(rowsOfPatches, rowsBytes);
}

/// gw[group, o, i] = the sum over partials, in order, of sums[group, partial, i, o].
static void NAME(add_partials)(size_t begin, size_t end, void *context) {
    const NAME(WeightGradient) *g = context;
    size_t k = g->plan.channels * g->plan.allTaps, size = k * g->outs;
    for (size_t row = begin; row < end; row++) {
        const T *from = g->sums + row / g->outs * g->partials * size + row % g->outs;
        for (size_t i = 0; i < k; i++) {
            T sum = from[i * g->outs];
            for (size_t p = 1; p < g->partials; p++) sum += from[p * size + i * g->outs];
            g->gw[row * k + i] = sum;
        }
    }
}

void NAME(adj_conv_backward_weight)(const adj_conv_shape *shape, const T *gy, const T *x, T *gw) {
    adj_conv_shape s = adj_conv_three(shape);
    size_t ins = s.groups ? s.inChannels / s.groups : 0, outputs = s.out[0] * s.out[1] * s.out[2];
    size_t count = s.outChannels * ins * s.kernel[0] * s.kernel[1] * s.kernel[2];
    if (count == 0) return;
    if (s.batch * outputs == 0) {
        memset(gw, 0, count * sizeof(T));
        return;
    }
    NAME(WeightGradient) g = {.kernels = NAME(adj_gemm_kernels)(), .groups = s.groups,
                              .outs = s.outChannels / s.groups, .outputs = outputs, .x = x,
                              .gy = gy, .gw = gw};
    adj_conv_plan_forward(&g.plan, &s);
    size_t size = count / s.groups;
    g.units = s.batch * s.out[0] * g.plan.bands;
    g.partials = NAME(min)(NAME(min)(g.units, mostPartials), 2 + partialElements / size);
    if (g.partials > g.units) g.partials = g.units;
    size_t bytes = s.groups * g.partials * size * sizeof(T);
    g.sums = adj_alloc(bytes);
    size_t work = size * s.batch * outputs / g.partials;
    adj_parallel(s.groups * g.partials, 1 + (size_t)(1 << 18) / (work + 1), NAME(sum_bands), &g);
    adj_parallel(s.outChannels, 1 + (size_t)(1 << 16) / (count / s.outChannels * g.partials),
                 NAME(add_partials), &g);
    adj_free(g.sums, bytes);
    adj_conv_plan_free(&g.plan);
}
