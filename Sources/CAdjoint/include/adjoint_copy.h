//===--- adjoint_copy.h - strided copies, casts, gathers and scatters -------------------------===//
//
// Strides count elements. Indices are validated by the caller and not negative. Element sizes are
// 1, 2, 4, 8 or 16 bytes. Everything runs in parallel inside, above a measured size.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_COPY_H
#define ADJOINT_COPY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The element types that `adj_cast` knows.
enum adj_dtype {
    ADJ_F32 = 0,
    ADJ_F64 = 1,
    ADJ_F16 = 2,
    ADJ_BF16 = 3,
    ADJ_I64 = 4,
    ADJ_I32 = 5,
    ADJ_I16 = 6,
    ADJ_I8 = 7,
    ADJ_U8 = 8,
    ADJ_BOOL = 9
};

/// Copies the elements of one strided array to another of the same shape. Strides may be 0 or
/// negative in `src`; the elements of `dst` must not overlap each other, nor those of `src`.
void adj_copy_strided(size_t elementSize, size_t rank, const ptrdiff_t *shape, const void *src,
                      const ptrdiff_t *srcStrides, void *dst, const ptrdiff_t *dstStrides);

/// Converts `n` contiguous elements between any two types of `adj_dtype`. To a narrower float:
/// nearest, ties to even, NaN stays NaN. Float to integer: truncates; NaN and what does not fit
/// int64 (to int64) or int32 (to the others) becomes that type's minimum, as x86 has it, and
/// narrower integers then keep the low bits. Integers keep their low bits. To bool: not equal to 0
/// (NaN is true); a bool that is read is any byte but 0. Serial: the caller cuts chunks.
void adj_cast(int srcType, const void *src, int dstType, void *dst, ptrdiff_t n);

/// Sets `n` contiguous elements to the one at `value`.
void adj_fill(size_t elementSize, void *dst, const void *value, size_t n);

/// dst += src, one element after the other in row-major order of `shape`, so that `dst` may have
/// strides of 0 or overlap itself: the transpose of a strided view.
void adj_strided_add_f32(size_t rank, const ptrdiff_t *shape, const float *src,
                         const ptrdiff_t *srcStrides, float *dst, const ptrdiff_t *dstStrides);
void adj_strided_add_f64(size_t rank, const ptrdiff_t *shape, const double *src,
                         const ptrdiff_t *srcStrides, double *dst, const ptrdiff_t *dstStrides);

/// dst[o, j, :] = src[o, idx[j], :], src [outer, srcDim, inner], dst [outer, count, inner].
void adj_index_select(size_t elementSize, const void *src, const int64_t *idx, void *dst,
                      size_t outer, size_t srcDim, size_t count, size_t inner);
/// dst[o, idx[j], :] = src[o, j, :], the later of equal indices last; shapes as `adj_index_add`.
void adj_index_copy(size_t elementSize, void *dst, const int64_t *idx, const void *src,
                    size_t outer, size_t dstDim, size_t count, size_t inner);
/// dst[o, idx[j], :] += src[o, j, :] in the order of j, dst [outer, dstDim, inner], src [outer,
/// count, inner].
void adj_index_add_f32(float *dst, const int64_t *idx, const float *src, size_t outer,
                       size_t dstDim, size_t count, size_t inner);
void adj_index_add_f64(double *dst, const int64_t *idx, const double *src, size_t outer,
                       size_t dstDim, size_t count, size_t inner);

/// dst[o, j, i] = src[o, idx[o, j, i], i], src [outer, srcDim, inner], idx and dst [outer, count,
/// inner].
void adj_gather(size_t elementSize, const void *src, const int64_t *idx, void *dst, size_t outer,
                size_t srcDim, size_t count, size_t inner);
/// dst[o, idx[o, j, i], i] = src[o, j, i], the later of equal indices last; shapes as
/// `adj_scatter_add`.
void adj_scatter(size_t elementSize, void *dst, const int64_t *idx, const void *src, size_t outer,
                 size_t dstDim, size_t count, size_t inner);
/// dst[o, idx[o, j, i], i] += src[o, j, i] in the order of j, dst [outer, dstDim, inner], idx and
/// src [outer, count, inner].
void adj_scatter_add_f32(float *dst, const int64_t *idx, const float *src, size_t outer,
                         size_t dstDim, size_t count, size_t inner);
void adj_scatter_add_f64(double *dst, const int64_t *idx, const double *src, size_t outer,
                         size_t dstDim, size_t count, size_t inner);

#ifdef __cplusplus
}
#endif

#endif
