#include "include/adjoint_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
