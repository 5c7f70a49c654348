// Counts the memory that a program takes from malloc. A program that links this has its own malloc,
// which hands over to glibc's; the shared libraries that it loads come through here too. A sanitizer
// has a malloc of its own, and nothing is counted then.

#include "include/CFuzz.h"

#include <features.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(IS_SANITIZED)

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static _Atomic ptrdiff_t live, start, peak;

static void *added(void *block) {
    if (!block) return NULL;
    ptrdiff_t size = (ptrdiff_t)malloc_usable_size(block);
    ptrdiff_t now = atomic_fetch_add_explicit(&live, size, memory_order_relaxed) + size;
    ptrdiff_t most = atomic_load_explicit(&peak, memory_order_relaxed);
    while (now > most && !atomic_compare_exchange_weak_explicit(
                             &peak, &most, now, memory_order_relaxed, memory_order_relaxed)) {
    }
    return block;
}

static void removed(void *block) {
    if (block) {
        ptrdiff_t size = (ptrdiff_t)malloc_usable_size(block);
        atomic_fetch_sub_explicit(&live, size, memory_order_relaxed);
    }
}

void *malloc(size_t size) { return added(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return added(__libc_calloc(count, size)); }

void *realloc(void *block, size_t size) {
    ptrdiff_t before = block ? (ptrdiff_t)malloc_usable_size(block) : 0;
    void *moved = __libc_realloc(block, size);
    if (moved || size == 0) atomic_fetch_sub_explicit(&live, before, memory_order_relaxed);
    return added(moved);
}

void free(void *block) {
    removed(block);
    __libc_free(block);
}

void *memalign(size_t alignment, size_t size) { return added(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *made = memalign(alignment, size);
    if (!made) return ENOMEM;
    *block = made;
    return 0;
}

bool meter_works(void) { return true; }

void meter_begin(void) {
    ptrdiff_t now = atomic_load(&live);
    atomic_store(&start, now);
    atomic_store(&peak, now);
}

size_t meter_peak(void) {
    ptrdiff_t most = atomic_load(&peak) - atomic_load(&start);
    return most > 0 ? (size_t)most : 0;
}

#else

bool meter_works(void) { return false; }
void meter_begin(void) {}
size_t meter_peak(void) { return 0; }

#endif
