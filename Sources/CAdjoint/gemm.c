// Which code computes matrix products: the kernels of this processor, or a BLAS loaded at run time.

#include "gemm.h"

#include "include/adjoint_gemm.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__APPLE__) && __has_include(<Accelerate/Accelerate.h>)
#define DEFAULT_LIBRARY "/System/Library/Frameworks/Accelerate.framework/Accelerate"
#else
#define DEFAULT_LIBRARY "libopenblas.so.0"
#endif

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const adj_kernels_f32 *kernels32;
static const adj_kernels_f64 *kernels64;
static const char *own;
static _Atomic(adj_blas_f32) blas32;
static _Atomic(adj_blas_f64) blas64;
static char libraryName[256];

static void choose(void) {
    kernels32 = &adj_kernels_portable_f32;
    kernels64 = &adj_kernels_portable_f64;
    own = "own (portable)";
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) {
        kernels32 = &adj_kernels_avx512_f32;
        kernels64 = &adj_kernels_avx512_f64;
        own = "own (avx512)";
    } else if (__builtin_cpu_supports("x86-64-v3")) {
        kernels32 = &adj_kernels_avx2_f32;
        kernels64 = &adj_kernels_avx2_f64;
        own = "own (avx2)";
    }
#endif
    const char *wanted = getenv("ADJOINT_BLAS");
#if defined(__APPLE__)
    const char *library = "accelerate";
    if (!wanted) wanted = library;
#else
    const char *library = "openblas";
#endif
    char error[256];
    if (wanted && strcmp(wanted, library) == 0 && !adj_blas_load(NULL, error, sizeof error)) {
        fprintf(stderr,
                "adjoint: ADJOINT_BLAS=%s: %s. Install libopenblas0 (Debian, Ubuntu) or openblas "
                "(Fedora); continuing with Adjoint's own matrix products.\n",
                wanted, error);
    }
}

const adj_kernels_f32 *adj_gemm_kernels_f32(void) {
    pthread_once(&once, choose);
    return kernels32;
}

const adj_kernels_f64 *adj_gemm_kernels_f64(void) {
    pthread_once(&once, choose);
    return kernels64;
}

adj_blas_f32 adj_gemm_blas_f32(void) {
    pthread_once(&once, choose);
    return atomic_load_explicit(&blas32, memory_order_acquire);
}

adj_blas_f64 adj_gemm_blas_f64(void) {
    pthread_once(&once, choose);
    return atomic_load_explicit(&blas64, memory_order_acquire);
}

int adj_blas_load(const char *library, char *error, size_t errorSize) {
    if (!library) library = DEFAULT_LIBRARY;
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *why = dlerror();
        if (error) snprintf(error, errorSize, "%s", why ? why : "cannot be loaded");
        return 0;
    }
    void *single = dlsym(handle, "cblas_sgemm"), *twice = dlsym(handle, "cblas_dgemm");
    if (!single || !twice) {
        if (error) snprintf(error, errorSize, "%s has no cblas_sgemm and cblas_dgemm", library);
        dlclose(handle);
        return 0;
    }
    adj_blas_f32 f32;
    adj_blas_f64 f64;
    memcpy(&f32, &single, sizeof f32);
    memcpy(&f64, &twice, sizeof f64);
    snprintf(libraryName, sizeof libraryName, "%s", library);
    atomic_store_explicit(&blas64, f64, memory_order_release);
    atomic_store_explicit(&blas32, f32, memory_order_release);
    return 1;
}

const char *adj_gemm_provider(void) {
    pthread_once(&once, choose);
    return atomic_load(&blas32) ? libraryName : own;
}
