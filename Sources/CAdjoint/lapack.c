// Finds a LAPACK when the program first asks for one: nothing is linked, and what needs none works
// without.

#include "lapack.h"

#include "include/adjoint_lapack.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const libraries[] = {
#if defined(__APPLE__)
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
#else
    "libopenblas.so.0",
    "libopenblas.so",
    "liblapack.so.3",
    "liblapack.so",
#endif
};

static const char *const names[adj_lapack_count] = {
    "potrf", "getrf", "getrs", "geqrf", "orgqr", "gesdd", "syevd",
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *routines[adj_lapack_count][2];
static char problem[512];

/// Takes all routines from the library, or none.
static int take(void *handle, const char *library) {
    void *found[adj_lapack_count][2];
    for (int i = 0; i < adj_lapack_count; i++) {
        for (int twice = 0; twice < 2; twice++) {
            char symbol[16];
            snprintf(symbol, sizeof symbol, "%c%s_", twice ? 'd' : 's', names[i]);
            found[i][twice] = dlsym(handle, symbol);
            if (!found[i][twice]) {
                snprintf(problem, sizeof problem, "%s has no %s", library, symbol);
                return 0;
            }
        }
    }
    for (int i = 0; i < adj_lapack_count; i++) {
        for (int twice = 0; twice < 2; twice++) routines[i][twice] = found[i][twice];
    }
    problem[0] = 0;
    return 1;
}

static int try_library(const char *library) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *why = dlerror();
        snprintf(problem, sizeof problem, "%s", why ? why : library);
        return 0;
    }
    if (take(handle, library)) return 1;
    dlclose(handle);
    return 0;
}

static void load(void) {
    const char *wanted = getenv("ADJOINT_LAPACK");
    if (wanted && *wanted) {
        try_library(wanted);
        return;
    }
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        if (try_library(libraries[i])) return;
    }
}

const char *adj_lapack_problem(void) {
    pthread_once(&once, load);
    return problem[0] ? problem : NULL;
}

void *adj_lapack_find(enum adj_lapack_routine routine, int twice) {
    pthread_once(&once, load);
    return routines[routine][twice];
}
