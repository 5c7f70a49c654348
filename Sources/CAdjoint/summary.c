#include "include/adjoint_trace.h"

#include <math.h>

#include "multiversion.h"

#pragma STDC FP_CONTRACT OFF

enum { lanes = 8 };

ADJ_MULTIVERSION
void adj_summarize_f32(const float *x, int64_t count, double near, struct adj_summary *result) {
    float low[lanes], high[lanes];
    double sum[lanes], squares[lanes], aside[lanes];
    int32_t zeros[lanes];
    for (int j = 0; j < lanes; j++) {
        low[j] = INFINITY;
        high[j] = -INFINITY;
        sum[j] = squares[j] = aside[j] = 0;
        zeros[j] = 0;
    }
    *result = (struct adj_summary){.low = INFINITY, .high = -INFINITY};
    for (int64_t i = 0; i < count;) {
        // A counter of 32 bits holds what so many rounds count.
        int64_t end = count - i > (int64_t)1 << 30 ? i + ((int64_t)1 << 30) : count;
        for (; i + lanes <= end; i += lanes) {
            for (int j = 0; j < lanes; j++) {
                float v = x[i + j];
                low[j] = v < low[j] ? v : low[j];
                high[j] = v > high[j] ? v : high[j];
                zeros[j] += v == 0;
                double wide = v, distance = wide - near;
                sum[j] += wide;
                squares[j] += wide * wide;
                aside[j] += distance * distance;
            }
        }
        if (end == count) {
            for (; i < end; i++) {
                float v = x[i];
                low[0] = v < low[0] ? v : low[0];
                high[0] = v > high[0] ? v : high[0];
                zeros[0] += v == 0;
                double wide = v, distance = wide - near;
                sum[0] += wide;
                squares[0] += wide * wide;
                aside[0] += distance * distance;
            }
        }
        for (int j = 0; j < lanes; j++) {
            result->zeros += zeros[j];
            zeros[j] = 0;
        }
    }
    for (int j = 0; j < lanes; j++) {
        if (low[j] < result->low) result->low = low[j];
        if (high[j] > result->high) result->high = high[j];
        result->sum += sum[j];
        result->squares += squares[j];
        result->aside += aside[j];
    }
}
