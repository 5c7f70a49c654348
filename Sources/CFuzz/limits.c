#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "include/CFuzz.h"

void limit_processor_time(int seconds) {
    struct itimerval timer = {{0, 0}, {seconds, 0}};
    setitimer(ITIMER_PROF, &timer, NULL);
}

void limit_file_size(long bytes) {
    struct rlimit limit;
    // Without this the system ends the process instead of refusing.
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes < 0 ? limit.rlim_max : (rlim_t)bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

// A sanitizer keeps its notes in terabytes of addresses.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KEEPS_ADDRESSES 1
#endif
#endif

void limit_memory(long bytes) {
#ifdef KEEPS_ADDRESSES
    (void)bytes;
#else
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = (rlim_t)bytes;
    setrlimit(RLIMIT_AS, &limit);
#endif
}
