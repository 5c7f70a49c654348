// Where a call came from: raw return addresses, cheap to take, named only when an error needs them.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// Writes the return addresses of the running thread, innermost first, and returns how many.
// 0 where the platform has no way to tell.
int32_t adj_backtrace(uintptr_t *into, int32_t limit);

// True where the environment says ADJOINT_DEBUG=1 (or anything but 0 and nothing).
bool adj_debug_requested(void);

// Writes a line to the standard error stream.
void adj_warn(const char *text);
