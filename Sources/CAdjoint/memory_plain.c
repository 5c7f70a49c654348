// What memory.c gives, without its caches: for sanitizers.

#include "sanitizer.h"

#ifdef ADJ_PLAIN_BLOCKS

#include "include/adjoint_memory.h"

#include <stdatomic.h>
#include <stdlib.h>

// Counted without a lock and without an order: either would order threads that nothing else
// orders, and so hide races.
static _Atomic size_t liveBytes, peakBytes, made;

void *adj_alloc(size_t bytes) {
    void *p = NULL;
    if (bytes > (size_t)1 << 47 || posix_memalign(&p, 64, bytes ? bytes : 1) != 0) return NULL;
    atomic_fetch_add_explicit(&made, 1, memory_order_relaxed);
    size_t now = atomic_fetch_add_explicit(&liveBytes, bytes, memory_order_relaxed) + bytes;
    size_t most = atomic_load_explicit(&peakBytes, memory_order_relaxed);
    while (now > most &&
           !atomic_compare_exchange_weak_explicit(&peakBytes, &most, now, memory_order_relaxed,
                                                  memory_order_relaxed)) {
    }
    return p;
}

void adj_free(void *p, size_t bytes) {
    if (!p) return;
    atomic_fetch_sub_explicit(&liveBytes, bytes, memory_order_relaxed);
    free(p);
}

void adj_memory_stats(size_t *live, size_t *cached, size_t *peak, size_t *allocations) {
    if (live) *live = atomic_load(&liveBytes);
    if (cached) *cached = 0;
    if (peak) *peak = atomic_load(&peakBytes);
    if (allocations) *allocations = atomic_load(&made);
}

void adj_memory_reset_peak(void) { atomic_store(&peakBytes, atomic_load(&liveBytes)); }

void adj_memory_trim(void) {}

// 0 stands for what the machine has.
static _Atomic size_t roomLimit;

bool adj_memory_has_room(size_t bytes) {
    size_t limit = atomic_load_explicit(&roomLimit, memory_order_relaxed);
    if (!limit) {
        limit = adj_machine_bytes();
        atomic_store_explicit(&roomLimit, limit, memory_order_relaxed);
    }
    size_t live = atomic_load_explicit(&liveBytes, memory_order_relaxed);
    return bytes <= limit && live <= limit - bytes;
}

void adj_memory_set_limit(size_t bytes) {
    atomic_store_explicit(&roomLimit, bytes, memory_order_relaxed);
}

#endif
