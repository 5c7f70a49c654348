#ifndef ADJOINT_LAPACK_INTERNAL_H
#define ADJOINT_LAPACK_INTERNAL_H

#include <stddef.h>

/// Which routine of LAPACK.
enum adj_lapack_routine {
    adj_lapack_potrf,
    adj_lapack_getrf,
    adj_lapack_getrs,
    adj_lapack_geqrf,
    adj_lapack_orgqr,
    adj_lapack_gesdd,
    adj_lapack_syevd,
    adj_lapack_count
};

/// The routine's address in the library that was loaded: single precision for `twice` 0.
void *adj_lapack_find(enum adj_lapack_routine routine, int twice);

#endif
