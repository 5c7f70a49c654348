// The calls of LAPACK, written once for both precisions. The file that includes it defines T,
// NAME(x), which appends the suffix, and TWICE, 1 for double precision.
//
// Fortran takes everything by address, and after the arguments the length of each character: some
// compilers rely on it, the others do not look.

#include "include/adjoint_lapack.h"
#include "lapack.h"
#include "multiversion.h"

#include <stdlib.h>
#include <string.h>

#define ROUTINE(type, which)                                     \
    type call;                                                   \
    void *NAME(address) = adj_lapack_find(adj_lapack_##which, TWICE); \
    if (!NAME(address)) return ADJ_LAPACK_MEMORY;                \
    memcpy(&call, &NAME(address), sizeof call)

typedef void (*NAME(potrf_call))(const char *, const int *, T *, const int *, int *, size_t);
typedef void (*NAME(getrf_call))(const int *, const int *, T *, const int *, int *, int *);
typedef void (*NAME(getrs_call))(const char *, const int *, const int *, const T *, const int *,
                                 const int *, T *, const int *, int *, size_t);
typedef void (*NAME(geqrf_call))(const int *, const int *, T *, const int *, T *, T *, const int *,
                                 int *);
typedef void (*NAME(orgqr_call))(const int *, const int *, const int *, T *, const int *,
                                 const T *, T *, const int *, int *);
typedef void (*NAME(gesdd_call))(const char *, const int *, const int *, T *, const int *, T *,
                                 T *, const int *, T *, const int *, T *, const int *, int *,
                                 int *, size_t);
typedef void (*NAME(syevd_call))(const char *, const char *, const int *, T *, const int *, T *,
                                 T *, const int *, int *, const int *, int *, size_t, size_t);

/// A leading dimension: LAPACK refuses 0.
static inline int NAME(lead)(size_t n) { return n > 1 ? (int)n : 1; }

/// Room for as many numbers as a query says; a large count loses its last digits in a float.
static inline T *NAME(space)(T size, int *count) {
    double wanted = (double)size * (TWICE ? 1 : 1.0000002) + 1;
    if (wanted > 2147483647.0) return NULL;
    *count = (int)wanted;
    return malloc((size_t)*count * sizeof(T));
}

int NAME(adj_potrf)(int upper, size_t n, T *a) {
    ROUTINE(NAME(potrf_call), potrf);
    int order = (int)n, lead = NAME(lead)(n), info = 0;
    call(upper ? "U" : "L", &order, a, &lead, &info, 1);
    return info;
}

int NAME(adj_getrf)(size_t m, size_t n, T *a, int32_t *pivots) {
    ROUTINE(NAME(getrf_call), getrf);
    int rows = (int)m, columns = (int)n, lead = NAME(lead)(m), info = 0;
    call(&rows, &columns, a, &lead, pivots, &info);
    return info;
}

int NAME(adj_getrs)(int transposed, size_t n, size_t count, const T *lu, const int32_t *pivots,
                    T *b) {
    ROUTINE(NAME(getrs_call), getrs);
    int order = (int)n, columns = (int)count, lead = NAME(lead)(n), info = 0;
    call(transposed ? "T" : "N", &order, &columns, lu, &lead, pivots, b, &lead, &info, 1);
    return info;
}

int NAME(adj_geqrf)(size_t m, size_t n, T *a, T *tau) {
    ROUTINE(NAME(geqrf_call), geqrf);
    int rows = (int)m, columns = (int)n, lead = NAME(lead)(m), info = 0, count = -1;
    T size;
    call(&rows, &columns, a, &lead, tau, &size, &count, &info);
    T *work = NAME(space)(size, &count);
    if (!work) return ADJ_LAPACK_MEMORY;
    call(&rows, &columns, a, &lead, tau, work, &count, &info);
    free(work);
    return info;
}

int NAME(adj_orgqr)(size_t m, size_t columns, size_t k, T *a, const T *tau) {
    ROUTINE(NAME(orgqr_call), orgqr);
    int rows = (int)m, wide = (int)columns, packed = (int)k, lead = NAME(lead)(m), info = 0;
    int count = -1;
    T size;
    call(&rows, &wide, &packed, a, &lead, tau, &size, &count, &info);
    T *work = NAME(space)(size, &count);
    if (!work) return ADJ_LAPACK_MEMORY;
    call(&rows, &wide, &packed, a, &lead, tau, work, &count, &info);
    free(work);
    return info;
}

int NAME(adj_gesdd)(int vectors, size_t m, size_t n, T *a, T *s, T *u, T *vt) {
    ROUTINE(NAME(gesdd_call), gesdd);
    const char *job = vectors == 0 ? "N" : vectors == 1 ? "S" : "A";
    size_t least = m < n ? m : n;
    int rows = (int)m, columns = (int)n, lead = NAME(lead)(m), info = 0, count = -1;
    int leadU = NAME(lead)(m), leadV = NAME(lead)(vectors == 2 ? n : least);
    int *whole = malloc((8 * least + 1) * sizeof(int));
    if (!whole) return ADJ_LAPACK_MEMORY;
    T size;
    call(job, &rows, &columns, a, &lead, s, u, &leadU, vt, &leadV, &size, &count, whole, &info, 1);
    T *work = NAME(space)(size, &count);
    if (work) {
        call(job, &rows, &columns, a, &lead, s, u, &leadU, vt, &leadV, work, &count, whole, &info,
             1);
    }
    free(whole);
    if (!work) return ADJ_LAPACK_MEMORY;
    free(work);
    return info;
}

int NAME(adj_syevd)(int vectors, int upper, size_t n, T *a, T *w) {
    ROUTINE(NAME(syevd_call), syevd);
    const char *job = vectors ? "V" : "N", *part = upper ? "U" : "L";
    int order = (int)n, lead = NAME(lead)(n), info = 0, count = -1, wholeCount = -1, wholeSize = 0;
    T size;
    call(job, part, &order, a, &lead, w, &size, &count, &wholeSize, &wholeCount, &info, 1, 1);
    wholeCount = wholeSize > 1 ? wholeSize : 1;
    int *whole = malloc((size_t)wholeCount * sizeof(int));
    T *work = whole ? NAME(space)(size, &count) : NULL;
    if (work) {
        call(job, part, &order, a, &lead, w, work, &count, whole, &wholeCount, &info, 1, 1);
    }
    free(whole);
    if (!work) return ADJ_LAPACK_MEMORY;
    free(work);
    return info;
}

/// Row by row: each solved row is taken, times a number, from the rows that are left.
ADJ_MULTIVERSION
void NAME(adj_trsm)(int upper, int unit, size_t n, size_t count, const T *a, T *b) {
    for (size_t step = 0; step < n; step++) {
        size_t i = upper ? n - 1 - step : step;
        T *row = b + i * count;
        size_t first = upper ? i + 1 : 0, end = upper ? n : i;
        for (size_t j = first; j < end; j++) {
            T factor = a[i * n + j];
            const T *other = b + j * count;
            for (size_t c = 0; c < count; c++) row[c] -= factor * other[c];
        }
        if (!unit) {
            T pivot = a[i * n + i];
            for (size_t c = 0; c < count; c++) row[c] /= pivot;
        }
    }
}

#undef ROUTINE
