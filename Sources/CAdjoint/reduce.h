//===--- reduce.h - how a reduction is cut ----------------------------------------------------===//

#ifndef ADJOINT_REDUCE_PRIVATE_H
#define ADJOINT_REDUCE_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

/// Elements of a row that one call of `rows` may take, columns that one call of `columns` may take.
#define ADJ_REDUCE_BLOCK 2048
#define ADJ_REDUCE_TILE 512

/// The three loops of a reduction. `rows` reduces `count` dense rows of `n` elements to `out`.
/// `columns` reduces `count` rows of `width` elements, `stride` apart, to `out[width]`, count > 0.
/// `merge` combines `out[width]` with `other[width]`.
typedef struct {
    size_t source, result;
    void (*rows)(const void *x, size_t n, size_t count, void *out);
    void (*columns)(const void *x, size_t count, size_t stride, size_t width, void *out);
    void (*merge)(void *out, const void *other, size_t width);
} adj_reduction;

/// Reduces the middle of [outer, reduce, inner] in parallel, in an order that depends on the three
/// sizes alone: blocks inside chunks, chunks in a balanced tree.
void adj_reduce(const adj_reduction *r, const void *x, void *y, size_t outer, size_t reduce,
                size_t inner);

#endif
