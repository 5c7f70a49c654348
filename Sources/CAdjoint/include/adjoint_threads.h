#ifndef ADJOINT_THREADS_H
#define ADJOINT_THREADS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A piece of parallel work: the half-open range `begin..<end`.
typedef void (*adj_parallel_body)(size_t begin, size_t end, void *context);

/// Runs `body` over 0..<n in chunks, on several threads if there are any to spare.
/// Chunks begin at multiples of `grain` and depend on `n` and `grain` alone, never on the number
/// of threads; without spare threads they run one after the other. Nested calls run serially.
void adj_parallel(size_t n, size_t grain, adj_parallel_body body, void *context);

/// The distance between the beginnings of two chunks of `adj_parallel(n, grain, ...)`.
size_t adj_parallel_step(size_t n, size_t grain);

/// The number of threads that parallel work may use, the caller's included.
/// Initially `ADJOINT_NUM_THREADS`, or else the number of processors.
int adj_threads(void);

/// Sets the number of threads that parallel work may use; less than one means one.
void adj_set_threads(int count);

/// The address of one pointer that belongs to the calling thread, initially NULL.
void **adj_reaper_slot(void);

#ifdef __cplusplus
}
#endif

#endif
