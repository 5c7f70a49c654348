// Where a call came from: raw return addresses, cheap to take, named only when an error needs them.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// Writes the return addresses of the running thread, innermost first, and returns how many.
// 0 where the platform has no way to tell.
int32_t adj_backtrace(uintptr_t *into, int32_t limit);

// True where the environment says ADJOINT_DEBUG=1 (or anything but 0 and nothing).
bool adj_debug_requested(void);

// Nanoseconds of a clock that only goes forward.
uint64_t adj_clock(void);

// Notes the time for this thread; `adj_clock_elapsed` says how long ago that was, once, and 0
// where nothing was noted since.
void adj_clock_start(void);
uint64_t adj_clock_elapsed(void);

// The time of day as RFC 3339 writes it, in UTC: "2026-01-31T12:00:00Z".
void adj_time_text(char into[32]);

// What the observer of a whole process is made by, where one is linked and ADJOINT_TRACE names a
// file: a retained object, or null.
void *adj_environment_observer(void);

// Writes a line to the standard error stream.
void adj_warn(const char *text);
// What a summary says of floats that are all finite.
struct adj_summary {
    float low, high;
    double sum, squares;
    // The sum of the squares of the distances from `near`.
    double aside;
    int64_t zeros;
};

// Sums up `count` floats in one pass, eight sums side by side. `near` is a number near them. Where
// one is not finite, `squares` is not either.
void adj_summarize_f32(const float *x, int64_t count, double near, struct adj_summary *result);

