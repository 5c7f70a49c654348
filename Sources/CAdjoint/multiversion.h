#ifndef ADJOINT_MULTIVERSION_H
#define ADJOINT_MULTIVERSION_H

/// Compiles a function for three levels of x86-64 and picks one when the program loads.
/// Mach-O has no ifunc, and other processors no levels: there it is empty, and under the thread
/// sanitizer too, which is not ready yet when the loader picks.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ADJ_MULTIVERSION
#endif
#endif
#if defined(ADJ_MULTIVERSION)
#elif defined(__x86_64__) && defined(__ELF__) && !defined(__APPLE__)
#define ADJ_MULTIVERSION \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ADJ_MULTIVERSION
#endif

#endif
