// How much memory there is.

#include <stdio.h>
#include <unistd.h>

#include "include/adjoint_memory.h"

size_t adj_machine_bytes(void) {
    size_t bytes = (size_t)1 << 47;
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0) bytes = (size_t)pages * (size_t)page;
#ifdef __linux__
    FILE *file = fopen("/sys/fs/cgroup/memory.max", "r");
    if (file) {
        unsigned long long most;
        if (fscanf(file, "%llu", &most) == 1 && most < bytes) bytes = (size_t)most;
        fclose(file);
    }
#endif
    return bytes;
}
