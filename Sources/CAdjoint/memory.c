// Goals, in order: no surprise (any thread may free, nothing leaks at thread exit), few
// nanoseconds for small blocks, no page faults for large ones, bounded cache.
//
// Blocks up to 1 KiB come from free lists of the thread, refilled from and drained to a central
// list; their slabs are kept. Larger ones come from bins by size under one lock. Slabs and bins
// are intrusive lists: a free block's first word points to the next.

#include "sanitizer.h"

#ifndef ADJ_PLAIN_BLOCKS
#include "include/adjoint_memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    alignment = 64,
    smallLimit = 1024,
    smallClasses = smallLimit / alignment,
    slabBytes = 64 << 10,
    threadCacheBytes = 32 << 10,  // a thread's free list of one class, at most
    binCount = 8 * 40,
};
static const size_t hugePage = (size_t)2 << 20;

typedef struct Block {
    struct Block *next;
} Block;

/// What one thread caches and counts. Others read the counters, only the owner writes them.
typedef struct Local {
    Block *free[smallClasses];
    uint32_t count[smallClasses];
    _Atomic ptrdiff_t live;
    _Atomic size_t allocations;
    ptrdiff_t reported;
    struct Local *next, *previous;
    bool registered, finished;
} Local;

static _Thread_local Local local;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t exitKey;

// All below are guarded by the lock.
static Local *locals;
static Block *central[smallClasses];
static Block *slabs;
static Block *bins[binCount];
static size_t cachedBytes, cachedSmall, cacheLimit, largeLive, peakBytes;
static size_t roomLimit;  // what all tensors together may take
static ptrdiff_t finishedLive, reportedLive;
static size_t finishedAllocations, largeAllocations;

static void note_peak(void) {
    ptrdiff_t live = (ptrdiff_t)largeLive + reportedLive;
    if (live > 0 && (size_t)live > peakBytes) peakBytes = (size_t)live;
}

/// Adds the thread's change of small bytes to the shared estimate that the peak is taken from.
static void report(Local *own) {
    ptrdiff_t live = atomic_load_explicit(&own->live, memory_order_relaxed);
    reportedLive += live - own->reported;
    own->reported = live;
    note_peak();
}

static void move_to_central(Local *own, int class, uint32_t keep) {
    size_t size = (size_t)(class + 1) * alignment;
    while (own->count[class] > keep) {
        Block *block = own->free[class];
        own->free[class] = block->next;
        own->count[class] -= 1;
        block->next = central[class];
        central[class] = block;
        cachedSmall += size;
    }
}

static void finish_thread(void *value) {
    Local *own = value;
    pthread_mutex_lock(&lock);
    for (int class = 0; class < smallClasses; class++) move_to_central(own, class, 0);
    report(own);
    finishedLive += own->reported;
    finishedAllocations += atomic_load_explicit(&own->allocations, memory_order_relaxed);
    if (own->previous) own->previous->next = own->next;
    else locals = own->next;
    if (own->next) own->next->previous = own->previous;
    own->registered = false;
    own->finished = true;
    pthread_mutex_unlock(&lock);
}

static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork(void) { pthread_mutex_unlock(&lock); }

static void start(void) {
    size_t limit = (size_t)1 << 30, bytes = adj_machine_bytes();
    if (bytes / 8 < limit) limit = bytes / 8;
    cacheLimit = limit;
    if (roomLimit == 0) roomLimit = bytes;
    pthread_key_create(&exitKey, finish_thread);
    pthread_atfork(before_fork, after_fork, after_fork);
}

/// Called with the lock held, the first time that a thread needs its cache.
static void register_thread(Local *own) {
    if (own->registered || own->finished) return;
    own->registered = true;
    own->previous = NULL;
    own->next = locals;
    if (locals) locals->previous = own;
    locals = own;
    pthread_setspecific(exitKey, own);
}

/// Takes up to half a cache of blocks from the centre or a new slab. Lock held.
static void refill(Local *own, int class) {
    size_t size = (size_t)(class + 1) * alignment;
    uint32_t wanted = (uint32_t)(threadCacheBytes / 2 / size);
    if (!central[class]) {
        char *slab = aligned_alloc(alignment, slabBytes);
        if (!slab) return;
        ((Block *)slab)->next = slabs;
        slabs = (Block *)slab;
        for (size_t at = alignment; at + size <= slabBytes; at += size) {
            Block *block = (Block *)(slab + at);
            block->next = central[class];
            central[class] = block;
            cachedSmall += size;
        }
    }
    while (own->count[class] < wanted && central[class]) {
        Block *block = central[class];
        central[class] = block->next;
        cachedSmall -= size;
        block->next = own->free[class];
        own->free[class] = block;
        own->count[class] += 1;
    }
}

static void count_small(Local *own, ptrdiff_t bytes) {
    ptrdiff_t live = atomic_load_explicit(&own->live, memory_order_relaxed);
    atomic_store_explicit(&own->live, live + bytes, memory_order_relaxed);
}

__attribute__((noinline)) static void *alloc_small_slow(int class) {
    Local *own = &local;
    pthread_once(&once, start);
    pthread_mutex_lock(&lock);
    register_thread(own);
    refill(own, class);
    Block *block = own->free[class];
    if (block) {
        own->free[class] = block->next;
        own->count[class] -= 1;
        count_small(own, (ptrdiff_t)(class + 1) * alignment);
        size_t n = atomic_load_explicit(&own->allocations, memory_order_relaxed);
        atomic_store_explicit(&own->allocations, n + 1, memory_order_relaxed);
    }
    report(own);
    // A thread that is past its exit (in a later destructor) keeps nothing of its own.
    if (own->finished) {
        move_to_central(own, class, 0);
        finishedLive += own->reported;
        finishedAllocations += atomic_load_explicit(&own->allocations, memory_order_relaxed);
        atomic_store_explicit(&own->live, 0, memory_order_relaxed);
        atomic_store_explicit(&own->allocations, 0, memory_order_relaxed);
        own->reported = 0;
    }
    pthread_mutex_unlock(&lock);
    return block;
}

__attribute__((noinline)) static void free_small_slow(Block *block, int class) {
    Local *own = &local;
    pthread_once(&once, start);
    pthread_mutex_lock(&lock);
    register_thread(own);
    block->next = own->free[class];
    own->free[class] = block;
    own->count[class] += 1;
    count_small(own, -(ptrdiff_t)(class + 1) * alignment);
    uint32_t capacity = (uint32_t)(threadCacheBytes / ((size_t)(class + 1) * alignment));
    if (own->finished) move_to_central(own, class, 0);
    else if (own->count[class] >= capacity) move_to_central(own, class, capacity / 2);
    report(own);
    if (own->finished) {
        finishedLive += own->reported;
        atomic_store_explicit(&own->live, 0, memory_order_relaxed);
        own->reported = 0;
    }
    pthread_mutex_unlock(&lock);
}

/// Eight sizes to a doubling above 1 KiB; the bin's size is written back to `bytes`.
static int bin_of(size_t *bytes) {
    size_t last = *bytes - 1;
    int high = 63 - __builtin_clzll((unsigned long long)last);
    size_t step = (size_t)1 << (high - 3);
    size_t eighth = (last >> (high - 3)) & 7;
    *bytes = ((size_t)1 << high) + (eighth + 1) * step;
    return (high - 10) * 8 + (int)eighth;
}

static void *system_alloc(size_t size) {
    if (size < hugePage) return aligned_alloc(alignment, size);
    size_t reserve = size + hugePage;
    if (reserve < size) return NULL;
    char *base = mmap(NULL, reserve, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (base == MAP_FAILED) return NULL;
    size_t before = (hugePage - (uintptr_t)base % hugePage) % hugePage;
    if (before) munmap(base, before);
    munmap(base + before + size, hugePage - before);
#ifdef MADV_HUGEPAGE
    madvise(base + before, size, MADV_HUGEPAGE);
#endif
    return base + before;
}

static void system_free(void *p, size_t size) {
    if (size < hugePage) free(p);
    else munmap(p, size);
}

static size_t size_of_bin(int bin) {
    return ((size_t)1 << (bin / 8 + 10)) + (size_t)(bin % 8 + 1) * ((size_t)1 << (bin / 8 + 7));
}

/// Unlinks cached blocks, the largest first, until no more than `limit` bytes are cached.
/// They are chained for `release` to give back without the lock. Lock held.
static void evict(size_t limit, Block *doomed[binCount]) {
    for (int bin = binCount - 1; bin >= 0; bin--) {
        doomed[bin] = NULL;
        while (bins[bin] && cachedBytes > limit) {
            Block *block = bins[bin];
            bins[bin] = block->next;
            block->next = doomed[bin];
            doomed[bin] = block;
            cachedBytes -= size_of_bin(bin);
        }
    }
}

static void release(Block *doomed[binCount]) {
    for (int bin = 0; bin < binCount; bin++) {
        while (doomed[bin]) {
            Block *block = doomed[bin];
            doomed[bin] = block->next;
            system_free(block, size_of_bin(bin));
        }
    }
}

static void *alloc_large(size_t bytes) {
    if (bytes > (size_t)1 << 47) return NULL;
    size_t size = bytes;
    int bin = bin_of(&size);
    pthread_once(&once, start);
    pthread_mutex_lock(&lock);
    Block *block = bins[bin];
    if (block) {
        bins[bin] = block->next;
        cachedBytes -= size;
    }
    largeLive += size;
    largeAllocations += 1;
    note_peak();
    pthread_mutex_unlock(&lock);
    if (block) return block;
    void *fresh = system_alloc(size);
    if (!fresh) {
        adj_memory_trim();
        fresh = system_alloc(size);
    }
    if (!fresh) {
        pthread_mutex_lock(&lock);
        largeLive -= size;
        pthread_mutex_unlock(&lock);
    }
    return fresh;
}

static void free_large(void *p, size_t bytes) {
    size_t size = bytes;
    int bin = bin_of(&size);
    Block *block = p;
    pthread_mutex_lock(&lock);
    largeLive -= size;
    bool keep = size <= cacheLimit / 2;
    if (keep) {
        block->next = bins[bin];
        bins[bin] = block;
        cachedBytes += size;
    }
    bool full = cachedBytes > cacheLimit;
    Block *doomed[binCount];
    if (full) evict(cacheLimit / 4 * 3, doomed);
    pthread_mutex_unlock(&lock);
    if (full) release(doomed);
    if (!keep) system_free(p, size);
}

void *adj_alloc(size_t bytes) {
    if (bytes > smallLimit) return alloc_large(bytes);
    Local *own = &local;
    int class = bytes ? (int)((bytes - 1) / alignment) : 0;
    Block *block = own->free[class];
    if (!block) return alloc_small_slow(class);
    own->free[class] = block->next;
    own->count[class] -= 1;
    count_small(own, (ptrdiff_t)(class + 1) * alignment);
    size_t n = atomic_load_explicit(&own->allocations, memory_order_relaxed);
    atomic_store_explicit(&own->allocations, n + 1, memory_order_relaxed);
    return block;
}

void adj_free(void *p, size_t bytes) {
    if (!p) return;
    if (bytes > smallLimit) {
        free_large(p, bytes);
        return;
    }
    Local *own = &local;
    Block *block = p;
    int class = bytes ? (int)((bytes - 1) / alignment) : 0;
    uint32_t capacity = (uint32_t)(threadCacheBytes / alignment / (size_t)(class + 1));
    if (!own->registered || own->count[class] + 1 >= capacity) {
        free_small_slow(block, class);
        return;
    }
    block->next = own->free[class];
    own->free[class] = block;
    own->count[class] += 1;
    count_small(own, -(ptrdiff_t)(class + 1) * alignment);
}

/// Bytes in use and allocations made, of all threads; the lock is held.
static size_t count_live(size_t *allocations) {
    ptrdiff_t live = (ptrdiff_t)largeLive + finishedLive;
    size_t count = largeAllocations + finishedAllocations;
    for (Local *each = locals; each; each = each->next) {
        live += atomic_load_explicit(&each->live, memory_order_relaxed);
        count += atomic_load_explicit(&each->allocations, memory_order_relaxed);
    }
    if (allocations) *allocations = count;
    return live > 0 ? (size_t)live : 0;
}

bool adj_memory_has_room(size_t bytes) {
    pthread_once(&once, start);
    pthread_mutex_lock(&lock);
    size_t live = count_live(NULL), cached = cachedBytes;
    bool fits = bytes <= roomLimit && live <= roomLimit - bytes;
    bool crowded = fits && cached > roomLimit - bytes - live;
    pthread_mutex_unlock(&lock);
    if (crowded) adj_memory_trim();
    return fits;
}

void adj_memory_set_limit(size_t bytes) {
    pthread_once(&once, start);
    pthread_mutex_lock(&lock);
    roomLimit = bytes ? bytes : adj_machine_bytes();
    pthread_mutex_unlock(&lock);
}

void adj_memory_stats(size_t *live, size_t *cached, size_t *peak, size_t *allocations) {
    pthread_mutex_lock(&lock);
    size_t now = count_live(allocations);
    if (now > peakBytes) peakBytes = now;
    if (live) *live = now;
    if (cached) *cached = cachedBytes + cachedSmall;
    if (peak) *peak = peakBytes;
    pthread_mutex_unlock(&lock);
}

void adj_memory_reset_peak(void) {
    pthread_mutex_lock(&lock);
    peakBytes = count_live(NULL);
    pthread_mutex_unlock(&lock);
}

void adj_memory_trim(void) {
    Block *doomed[binCount];
    pthread_mutex_lock(&lock);
    evict(0, doomed);
    pthread_mutex_unlock(&lock);
    release(doomed);
}

#endif
