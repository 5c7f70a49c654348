// What a trace says of many elements, in one pass over them.
#include "include/adjoint_trace.h"
#include "multiversion.h"

#pragma STDC FP_CONTRACT OFF

enum { LANES = 8 };

// Eight sums side by side, so that every processor adds in the same order.
ADJ_MULTIVERSION void adj_summarize_f32(const float *x, ptrdiff_t n, struct adj_summary_f32 *out) {
    float low[LANES], high[LANES];
    double sum[LANES] = {0}, squares[LANES] = {0}, aside[LANES] = {0};
    int32_t zeros[LANES] = {0};
    const double near = x[0];
    for (int k = 0; k < LANES; k++) low[k] = high[k] = x[0];
    int64_t zero_count = 0;
    ptrdiff_t whole = n / LANES * LANES;
    for (ptrdiff_t i = 0; i < whole; i += LANES) {
        for (int k = 0; k < LANES; k++) {
            float v = x[i + k];
            low[k] = v < low[k] ? v : low[k];
            high[k] = v > high[k] ? v : high[k];
            zeros[k] += v == 0.0f;
        }
        for (int k = 0; k < LANES; k++) {
            double v = x[i + k], distance = v - near;
            sum[k] += v;
            squares[k] += v * v;
            aside[k] += distance * distance;
        }
        // Before the lanes' counts overflow.
        if ((i & 0x3fffffff) == 0x3ffffff8)
            for (int k = 0; k < LANES; k++) zero_count += zeros[k], zeros[k] = 0;
    }
    for (ptrdiff_t i = whole; i < n; i++) {
        int k = (int)(i - whole);
        float v = x[i];
        double distance = v - near;
        low[k] = v < low[k] ? v : low[k];
        high[k] = v > high[k] ? v : high[k];
        zeros[k] += v == 0.0f;
        sum[k] += v;
        squares[k] += (double)v * v;
        aside[k] += distance * distance;
    }
    for (int width = LANES / 2; width > 0; width /= 2)
        for (int k = 0; k < width; k++) {
            low[k] = low[k + width] < low[k] ? low[k + width] : low[k];
            high[k] = high[k + width] > high[k] ? high[k + width] : high[k];
            sum[k] += sum[k + width];
            squares[k] += squares[k + width];
            aside[k] += aside[k + width];
        }
    for (int k = 0; k < LANES; k++) zero_count += zeros[k];
    *out = (struct adj_summary_f32){sum[0], squares[0], aside[0], zero_count, low[0], high[0]};
}
