// Goals, in order: chunks that never depend on the number of threads, no waiting for a busy pool,
// a fast wake-up, no processor burnt while idle.
//
// One job runs at a time. Its chunks are dealt out in stretches, one for each thread: a thread
// takes those of its own stretch from the front, and then others' from the back. So an operation
// mostly finds in a processor's cache what the operation before has left there. A stretch's
// `ticket` holds the job's number and which chunks are unclaimed; a chunk is claimed by exchanging
// it. Whoever has claimed one may read the job, since the job cannot end before that chunk is done.

#define _GNU_SOURCE

#include "include/adjoint_threads.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#endif

enum {
    mostChunks = 256,
    mostWorkers = 255,
    spinNanoseconds = 20000,  // about what a wake-up costs
    mostPlaced = 16,          // workers up to which the caller sees to it where they run
    mostStretches = 32,
};

static struct {
    adj_parallel_body body;
    void *context;
    size_t n, step;
    uint32_t chunks;
} job;

// The number of the job in the high half; the first unclaimed chunk, and the one after the last.
static struct {
    _Alignas(64) _Atomic uint64_t ticket;
} stretches[mostStretches];
static _Atomic int stretchCount;
static uint32_t jobNumber;            // guarded by `busy`
static _Atomic uint32_t unfinished;   // chunks of the job that are not done
static _Atomic uint32_t wakeups;      // changes with every job: what idle workers wait on
static _Atomic int sleepers;
static _Atomic bool callerSleeps;
static _Atomic int limit;             // threads that may work, the caller's included; 0: not set
static atomic_flag busy = ATOMIC_FLAG_INIT;
static int workers;                   // started so far; guarded by `busy`
static pthread_once_t once = PTHREAD_ONCE_INIT;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Spins while the word has a value, for a short time; returns whether it changed.
static bool spin_while(_Atomic uint32_t *word, uint32_t value) {
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        for (int i = 0; i < 16; i++) {
            if (atomic_load_explicit(word, memory_order_acquire) != value) return true;
            pause_briefly();
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec <
             spinNanoseconds);
    return false;
}

#if defined(__linux__)
static cpu_set_t allowedSet;            // of the process, when the pool was first used
static _Atomic pid_t identifiers[mostPlaced + 1];
static int avoidedProcessor = -1;       // that the workers may not use; guarded by `busy`

/// Keeps the workers off the processor of the caller. Kernels of virtual machines tend to wake
/// them there, where they would wait until the caller is done.
static void place_workers(void) {
    int here = sched_getcpu();
    if (here == avoidedProcessor || here < 0 || workers > mostPlaced) return;
    cpu_set_t set = allowedSet;
    if (here < CPU_SETSIZE) CPU_CLR(here, &set);
    if (CPU_COUNT(&set) == 0) return;
    for (int i = 1; i <= workers; i++) {
        pid_t worker = atomic_load(&identifiers[i]);
        if (worker == 0) return;  // not running yet; the next job will see to it
        sched_setaffinity(worker, sizeof set, &set);
    }
    avoidedProcessor = here;
}

static void wait_while(_Atomic uint32_t *word, uint32_t value) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}
static void wake(_Atomic uint32_t *word, int count) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}
#else
static void place_workers(void) {}

static pthread_mutex_t waitLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t waitCondition = PTHREAD_COND_INITIALIZER;
static void wait_while(_Atomic uint32_t *word, uint32_t value) {
    pthread_mutex_lock(&waitLock);
    while (atomic_load(word) == value) pthread_cond_wait(&waitCondition, &waitLock);
    pthread_mutex_unlock(&waitLock);
}
static void wake(_Atomic uint32_t *word, int count) {
    pthread_mutex_lock(&waitLock);
    pthread_cond_broadcast(&waitCondition);
    pthread_mutex_unlock(&waitLock);
}
#endif

static void run_chunk(size_t chunk) {
    size_t begin = chunk * job.step;
    size_t end = begin + job.step < job.n ? begin + job.step : job.n;
    job.body(begin, end, job.context);
}

/// Claims a chunk of a stretch, at its front or its back; returns false where none is left.
static bool claim(int stretch, bool atFront, uint32_t *chunk) {
    _Atomic uint64_t *ticket = &stretches[stretch].ticket;
    uint64_t seen = atomic_load_explicit(ticket, memory_order_acquire);
    for (;;) {
        uint32_t front = seen >> 16 & 0xFFFF, back = seen & 0xFFFF;
        if (front >= back) return false;
        uint64_t next = atFront ? seen + (1 << 16) : seen - 1;
        if (atomic_compare_exchange_weak_explicit(ticket, &seen, next, memory_order_acq_rel,
                                                  memory_order_acquire)) {
            *chunk = atFront ? front : back - 1;
            return true;
        }
    }
}

/// Claims and runs chunks until none is left; returns whether it ran any. `number` is the
/// thread's: 0 for the caller.
static bool work(int number) {
    bool any = false;
    int count = atomic_load_explicit(&stretchCount, memory_order_relaxed);
    for (int i = 0; i < count; i++) {
        uint32_t chunk;
        while (claim((number + i) % count, i == 0 && number < count, &chunk)) {
            any = true;
            run_chunk(chunk);
            if (atomic_fetch_sub(&unfinished, 1) == 1 && atomic_load(&callerSleeps)) {
                wake(&unfinished, 1);
            }
        }
    }
    return any;
}

static void *worker_main(void *argument) {
    int number = (int)(intptr_t)argument;
#if defined(__linux__)
    if (number <= mostPlaced) atomic_store(&identifiers[number], (pid_t)syscall(SYS_gettid));
#endif
    for (;;) {
        uint32_t seen = atomic_load(&wakeups);
        bool allowed = number < atomic_load_explicit(&limit, memory_order_relaxed);
        if (allowed && work(number)) continue;
        if (allowed && spin_while(&wakeups, seen)) continue;
        atomic_fetch_add(&sleepers, 1);
        wait_while(&wakeups, seen);
        atomic_fetch_sub(&sleepers, 1);
    }
    return NULL;
}

static int processors(void) {
#if defined(__linux__)
    int count = CPU_COUNT(&allowedSet);
    if (count > 0) return count;
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

/// The child of a fork has the calling thread alone, and stays with it unless told otherwise.
static void after_fork_in_child(void) {
    for (int i = 0; i < mostStretches; i++) atomic_store(&stretches[i].ticket, 0);
    atomic_store(&unfinished, 0);
    atomic_store(&sleepers, 0);
    atomic_store(&limit, 1);
    workers = 0;
#if defined(__linux__)
    avoidedProcessor = -1;
    for (int i = 0; i <= mostPlaced; i++) atomic_store(&identifiers[i], 0);
#endif
    atomic_flag_clear(&busy);
}

static void start(void) {
#if defined(__linux__)
    sched_getaffinity(0, sizeof allowedSet, &allowedSet);
#endif
    const char *value = getenv("ADJOINT_NUM_THREADS");
    long count = value ? strtol(value, NULL, 10) : 0;
    if (count < 1) count = processors();
    if (count > mostWorkers + 1) count = mostWorkers + 1;
    int unset = 0;
    atomic_compare_exchange_strong(&limit, &unset, (int)count);
    pthread_atfork(NULL, NULL, after_fork_in_child);
}

int adj_threads(void) {
    pthread_once(&once, start);
    return atomic_load_explicit(&limit, memory_order_relaxed);
}

void adj_set_threads(int count) {
    pthread_once(&once, start);
    if (count < 1) count = 1;
    if (count > mostWorkers + 1) count = mostWorkers + 1;
    atomic_store(&limit, count);
}

/// Starts the workers that are missing; holds `busy`.
static void start_workers(int wanted) {
    while (workers < wanted) {
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        pthread_t thread;
        int failed = pthread_create(&thread, &attributes, worker_main,
                                    (void *)(intptr_t)(workers + 1));
        pthread_attr_destroy(&attributes);
        if (failed) return;
        workers += 1;
#if defined(__linux__)
        avoidedProcessor = -1;
#endif
    }
}

size_t adj_parallel_step(size_t n, size_t grain) {
    if (grain == 0) grain = 1;
    size_t grains = n / grain + (n % grain != 0);
    return grain * ((grains + mostChunks - 1) / mostChunks);
}

void adj_parallel(size_t n, size_t grain, adj_parallel_body body, void *context) {
    if (n == 0) return;
    if (n <= grain) {
        body(0, n, context);
        return;
    }
    size_t step = adj_parallel_step(n, grain);
    size_t chunks = (n + step - 1) / step;
    int threads = adj_threads();
    if (threads == 1 || atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        for (size_t begin = 0; begin < n; begin += step) {
            body(begin, begin + step < n ? begin + step : n, context);
        }
        return;
    }
    start_workers(threads - 1);
    place_workers();
    job.body = body;
    job.context = context;
    job.n = n;
    job.step = step;
    job.chunks = (uint32_t)chunks;
    atomic_store_explicit(&unfinished, (uint32_t)chunks, memory_order_relaxed);
    int count = threads < mostStretches ? threads : mostStretches;
    if ((size_t)count > chunks) count = (int)chunks;
    atomic_store_explicit(&stretchCount, count, memory_order_relaxed);
    uint64_t number = (uint64_t)++jobNumber << 32;
    for (int i = 0; i < count; i++) {
        uint64_t front = chunks * i / count, back = chunks * (i + 1) / count;
        atomic_store_explicit(&stretches[i].ticket, number | front << 16 | back,
                              memory_order_release);
    }
    atomic_fetch_add(&wakeups, 1);
    if (atomic_load(&sleepers) > 0) {
        wake(&wakeups, workers > threads - 1 ? INT_MAX : (int)chunks - 1);
    }
    work(0);
    uint32_t left;
    while ((left = atomic_load(&unfinished)) != 0) {
        if (spin_while(&unfinished, left)) continue;
        atomic_store(&callerSleeps, true);
        wait_while(&unfinished, left);
    }
    atomic_store_explicit(&callerSleeps, false, memory_order_relaxed);
    atomic_flag_clear_explicit(&busy, memory_order_release);
}

void **adj_reaper_slot(void) {
    static _Thread_local void *slot;
    return &slot;
}
