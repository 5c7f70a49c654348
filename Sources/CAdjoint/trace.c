#include "include/adjoint_trace.h"

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

int32_t adj_backtrace(uintptr_t *into, int32_t limit) {
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
