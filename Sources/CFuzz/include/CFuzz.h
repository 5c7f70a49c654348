#ifndef C_FUZZ_H
#define C_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

/// Whether memory is counted here: with glibc.
bool meter_works(void);

/// Starts anew: what is in use now counts as nothing.
void meter_begin(void);

/// The most bytes in use at once since the beginning, beyond those that were in use then.
size_t meter_peak(void);

/// Ends the process by SIGPROF once it has used so many more seconds of the processor; 0: never.
void limit_processor_time(int seconds);

/// Lets no file grow beyond so many bytes; writing on fails with EFBIG. Negative: any size.
void limit_file_size(long bytes);

/// Lets this process have so many bytes of address space; asking for more fails.
void limit_memory(long bytes);

#endif
