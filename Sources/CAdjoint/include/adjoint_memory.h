#ifndef ADJOINT_MEMORY_H
#define ADJOINT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Returns `bytes` bytes of uninitialised memory, aligned to 64 bytes.
/// NULL only if the system has none left. Give it back with `adj_free` and the same size.
void *adj_alloc(size_t bytes);

/// Gives back memory of `adj_alloc`. Any thread may free what another allocated.
void adj_free(void *p, size_t bytes);

/// Writes bytes in use, bytes cached for reuse, the highest number of bytes in use since the
/// last reset, and the number of allocations since the process began. Any pointer may be NULL.
void adj_memory_stats(size_t *live, size_t *cached, size_t *peak, size_t *allocations);

/// The bytes that the machine has, or that its system lets this process have.
size_t adj_machine_bytes(void);

/// Whether so many more bytes fit beside those in use: into what the machine has, or what its
/// system lets this process have, or what was set as the limit. Nothing is taken.
bool adj_memory_has_room(size_t bytes);

/// What all blocks together may take before adj_memory_has_room says no; 0: what the machine has.
void adj_memory_set_limit(size_t bytes);

/// Starts the measurement of the peak anew, from what is in use now.
void adj_memory_reset_peak(void);

/// Returns cached blocks of more than 1 KiB to the system.
void adj_memory_trim(void);

#ifdef __cplusplus
}
#endif

#endif
