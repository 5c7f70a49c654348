// ThreadSanitizer does not see how a Swift Mutex orders threads that wait for each other: that part
// lies in a library without its instructions, and it would report races that are none. Here the
// waiting functions of that library are called through others, which tell it.

#if defined(__linux__) && defined(__has_feature)
#if __has_feature(thread_sanitizer)

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void adj_mutex_lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void adj_mutex_lock(uint32_t thread, SELF) {
    SWIFT void (*next)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK);
    next(thread, self);
    __tsan_acquire(self);
}

SWIFT bool adj_mutex_try(SELF) __asm__(TRY);
SWIFT bool adj_mutex_try(SELF) {
    SWIFT bool (*next)(SELF) = dlsym(RTLD_NEXT, TRY);
    bool taken = next(self);
    if (taken) __tsan_acquire(self);
    return taken;
}

SWIFT void adj_mutex_unlock(SELF) __asm__(UNLOCK);
SWIFT void adj_mutex_unlock(SELF) {
    SWIFT void (*next)(SELF) = dlsym(RTLD_NEXT, UNLOCK);
    __tsan_release(self);
    next(self);
}

#endif
#endif
