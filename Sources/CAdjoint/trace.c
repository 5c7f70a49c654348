// pthread_getattr_np is an extension.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1
#endif

#include "include/adjoint_trace.h"
#include "sanitizer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__APPLE__)
#include <dlfcn.h>
#endif

#if defined(__has_include)
#if __has_include(<execinfo.h>)
#include <execinfo.h>
#define ADJ_HAS_BACKTRACE 1
#endif
#endif

// Unwinding reads tables and takes microseconds. Swift functions keep frame pointers, whose chain
// takes some fifty nanoseconds to follow, but functions of other languages may break it. So the
// chain, with the place of its first frame on the stack, tells whether this is a way that was
// unwound before: the same calls at the same depth.
#if defined(ADJ_HAS_BACKTRACE) && defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#define ADJ_HAS_FRAME_CHAIN 1

enum { longest_trace = 64, known_traces = 128 };

struct known_trace {
    uintptr_t top;
    int32_t links, count;
    uintptr_t chain[longest_trace];
    uintptr_t addresses[longest_trace];
};

// What the thread knows; forgotten by the key's destructor when the thread ends.
static _Thread_local struct known_trace *known;
static _Thread_local uintptr_t stack_start, stack_end;
static pthread_key_t known_key;
static pthread_once_t known_once = PTHREAD_ONCE_INIT;

static void forget(void *traces) {
    known = NULL;
    free(traces);
}

static void make_known_key(void) { pthread_key_create(&known_key, forget); }

static bool find_stack(void) {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
    void *start = NULL;
    size_t size = 0;
    pthread_attr_getstack(&attributes, &start, &size);
    pthread_attr_destroy(&attributes);
    stack_start = (uintptr_t)start;
    stack_end = stack_start + size;
    return true;
}

// False where the thread's stack cannot be told, or memory is short.
static bool prepare_thread(void) {
    if (known != NULL) return true;
    if (!find_stack()) return false;
    pthread_once(&known_once, make_known_key);
    known = calloc(known_traces, sizeof(struct known_trace));
    if (known == NULL) return false;
    pthread_setspecific(known_key, known);
    return true;
}

// Return addresses along the frame pointers, as far as these make sense.
ADJ_READS_STACK static int32_t follow_chain(const uintptr_t *frame, uintptr_t *into) {
    int32_t count = 0;
    while (count < longest_trace) {
        uintptr_t next = frame[0];
        if (frame[1] == 0) break;
        into[count++] = frame[1];
        if (next <= (uintptr_t)frame || next % sizeof(uintptr_t) != 0 ||
            next > stack_end - 2 * sizeof(uintptr_t))
            break;
        frame = (const uintptr_t *)next;
    }
    return count;
}
#endif

int32_t adj_backtrace(uintptr_t *into, int32_t limit) {
#ifdef ADJ_HAS_FRAME_CHAIN
    if (limit <= longest_trace && prepare_thread()) {
        const uintptr_t *frame = __builtin_frame_address(0);
        uintptr_t chain[longest_trace];
        int32_t links = 0;
        // A program may run on a stack that it has made itself.
        if ((uintptr_t)frame >= stack_start && (uintptr_t)frame < stack_end)
            links = follow_chain(frame, chain);
        uintptr_t hash = (uintptr_t)frame;
        for (int32_t i = 0; i < links; i++) hash = hash * 31 + chain[i];
        struct known_trace *entry = &known[(hash ^ hash >> 17) % known_traces];
        size_t bytes = (size_t)links * sizeof(uintptr_t);
        if (entry->top != (uintptr_t)frame || entry->links != links ||
            memcmp(entry->chain, chain, bytes) != 0) {
            entry->top = (uintptr_t)frame;
            entry->links = links;
            memcpy(entry->chain, chain, bytes);
            entry->count = backtrace((void **)entry->addresses, longest_trace);
        }
        // Nothing is known of a way without links.
        if (links == 0) entry->top = 0;
        int32_t count = entry->count < limit ? entry->count : limit;
        memcpy(into, entry->addresses, (size_t)count * sizeof(uintptr_t));
        return count;
    }
#endif
#ifdef ADJ_HAS_BACKTRACE
    return backtrace((void **)into, limit);
#else
    (void)into;
    (void)limit;
    return 0;
#endif
}

bool adj_debug_requested(void) {
    const char *value = getenv("ADJOINT_DEBUG");
    return value != NULL && value[0] != 0 && strcmp(value, "0") != 0;
}

void adj_warn(const char *text) {
    fputs(text, stderr);
    fputc('\n', stderr);
}

uint64_t adj_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static _Thread_local uint64_t clock_start;

void adj_clock_start(void) { clock_start = adj_clock(); }

uint64_t adj_clock_elapsed(void) {
    uint64_t start = clock_start;
    clock_start = 0;
    return start == 0 ? 0 : adj_clock() - start;
}

void adj_time_text(char into[32]) {
    time_t now = time(NULL);
    struct tm parts;
    if (gmtime_r(&now, &parts) == NULL || strftime(into, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        into[0] = 0;
}

// The recorder of traces lies above the engine, and need not be linked at all.
#if defined(__APPLE__)
static void *make_observer(const char *path) {
    void *(*make)(const char *) =
        (void *(*)(const char *))dlsym(RTLD_DEFAULT, "adj_trace_make_observer");
    return make == NULL ? NULL : make(path);
}
#else
extern void *adj_trace_make_observer(const char *path) __attribute__((weak));

static void *make_observer(const char *path) {
    return adj_trace_make_observer == NULL ? NULL : adj_trace_make_observer(path);
}
#endif

void *adj_environment_observer(void) {
    const char *path = getenv("ADJOINT_TRACE");
    if (path == NULL || path[0] == 0) return NULL;
    void *observer = make_observer(path);
    if (observer == NULL)
        adj_warn("adjoint: ADJOINT_TRACE is set, but nothing was recorded: the file cannot be "
                 "written, or the program does not import Adjoint or AdjointTrace");
    return observer;
}
