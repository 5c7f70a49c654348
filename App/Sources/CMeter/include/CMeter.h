#ifndef C_METER_H
#define C_METER_H

#include <stddef.h>

/// Bytes of this process that are in memory now; at most, where the system tells no more than that.
size_t meter_resident(void);

/// Bytes that malloc has handed out and not had back; 0 without glibc.
size_t meter_in_use(void);

/// Seconds of the processor that this process has used, its own and the system's for it.
double meter_processor_seconds(void);

/// Lets this process have as many open files as the system allows it.
void meter_allow_files(void);

/// Lets each line of standard output leave at once, also into a file.
void meter_write_lines(void);

#endif
