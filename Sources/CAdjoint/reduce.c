//===--- reduce.c - how a reduction is cut ----------------------------------------------------===//

#include "reduce.h"

#include "adjoint_memory.h"
#include "adjoint_threads.h"

/// Elements in a chunk, the piece that one thread takes at least.
#define CHUNK ((size_t)1 << 15)
/// Rows in a chunk of columns, at least.
#define CHUNK_ROWS ((size_t)256)

typedef struct {
    const adj_reduction *r;
    const char *x;
    char *to;
    size_t outer, reduce, inner, chunk, chunks, tiles;
} reduce_plan;

/// A row of any length by halving, at multiples of a block.
static void reduce_row(const adj_reduction *r, const char *x, size_t n, char *out) {
    if (n <= ADJ_REDUCE_BLOCK) {
        r->rows(x, n, 1, out);
        return;
    }
    size_t blocks = (n + ADJ_REDUCE_BLOCK - 1) / ADJ_REDUCE_BLOCK;
    size_t left = (blocks + 1) / 2 * ADJ_REDUCE_BLOCK;
    _Alignas(16) char other[16];
    reduce_row(r, x, left, out);
    reduce_row(r, x + left * r->source, n - left, other);
    r->merge(out, other, 1);
}

static void reduce_rows(size_t begin, size_t end, void *context) {
    const reduce_plan *p = context;
    const adj_reduction *r = p->r;
    if (p->chunks == 1 && p->reduce <= ADJ_REDUCE_BLOCK) {
        r->rows(p->x + begin * p->reduce * r->source, p->reduce, end - begin,
                p->to + begin * r->result);
        return;
    }
    for (size_t i = begin; i < end; i++) {
        size_t o = i / p->chunks, first = i % p->chunks * p->chunk;
        size_t n = p->reduce - first < p->chunk ? p->reduce - first : p->chunk;
        reduce_row(r, p->x + (o * p->reduce + first) * r->source, n, p->to + i * r->result);
    }
}

/// Few columns: several rows count as one wide row, whose parts are merged at the end.
static void reduce_narrow(const reduce_plan *p, const char *x, size_t rows, char *out) {
    const adj_reduction *r = p->r;
    size_t group = 1;
    while (2 * group * p->inner <= ADJ_REDUCE_TILE && 4 * group <= rows) group *= 2;
    size_t wide = rows / group, rest = rows - wide * group;
    _Alignas(64) char parts[ADJ_REDUCE_TILE * 8];
    r->columns(x, wide, group * p->inner, group * p->inner, parts);
    for (; group > 1; group /= 2) {
        size_t half = group / 2 * p->inner;
        r->merge(parts, parts + half * r->result, half);
    }
    if (rest > 0) {
        _Alignas(64) char last[ADJ_REDUCE_TILE * 8];
        r->columns(x + (rows - rest) * p->inner * r->source, rest, p->inner, p->inner, last);
        r->merge(parts, last, p->inner);
    }
    __builtin_memcpy(out, parts, p->inner * r->result);
}

static void reduce_columns(size_t begin, size_t end, void *context) {
    const reduce_plan *p = context;
    const adj_reduction *r = p->r;
    for (size_t i = begin; i < end; i++) {
        size_t tile = i % p->tiles, piece = i / p->tiles;
        size_t o = piece / p->chunks, first = piece % p->chunks * p->chunk;
        size_t rows = p->reduce - first < p->chunk ? p->reduce - first : p->chunk;
        const char *x = p->x + (o * p->reduce + first) * p->inner * r->source;
        char *out = p->to + piece * p->inner * r->result;
        if (p->inner <= ADJ_REDUCE_TILE / 2) {
            reduce_narrow(p, x, rows, out);
        } else {
            size_t column = tile * ADJ_REDUCE_TILE, rest = p->inner - column;
            size_t width = rest < ADJ_REDUCE_TILE ? rest : ADJ_REDUCE_TILE;
            r->columns(x + column * r->source, rows, p->inner, width, out + column * r->result);
        }
    }
}

/// Merges the chunks of each outer position in a balanced tree, in place.
static void merge_chunks(size_t begin, size_t end, void *context) {
    const reduce_plan *p = context;
    size_t row = p->inner * p->r->result;
    for (size_t i = begin; i < end; i++) {
        size_t o = i / p->tiles, column = i % p->tiles * ADJ_REDUCE_TILE, rest = p->inner - column;
        size_t width = rest < ADJ_REDUCE_TILE ? rest : ADJ_REDUCE_TILE;
        char *first = p->to + o * p->chunks * row + column * p->r->result;
        for (size_t step = 1; step < p->chunks; step *= 2) {
            for (size_t c = 0; c + step < p->chunks; c += 2 * step) {
                p->r->merge(first + c * row, first + (c + step) * row, width);
            }
        }
    }
}

void adj_reduce(const adj_reduction *r, const void *x, void *y, size_t outer, size_t reduce,
                size_t inner) {
    size_t results = outer * inner;
    if (results == 0) return;
    if (reduce == 0) {
        r->rows(x, 0, results, y);
        return;
    }
    reduce_plan p = {r, x, y, outer, reduce, inner, CHUNK, 1, 1};
    if (inner > 1) {
        size_t width = inner < ADJ_REDUCE_TILE ? inner : ADJ_REDUCE_TILE;
        p.chunk = CHUNK / width < CHUNK_ROWS ? CHUNK_ROWS : CHUNK / width;
        p.tiles = (inner + ADJ_REDUCE_TILE - 1) / ADJ_REDUCE_TILE;
    }
    p.chunks = (reduce + p.chunk - 1) / p.chunk;
    size_t bytes = results * p.chunks * r->result;
    if (p.chunks > 1) p.to = adj_alloc(bytes);
    if (p.to == NULL) __builtin_trap();
    size_t rows = reduce < p.chunk ? reduce : p.chunk;
    size_t work = rows * (inner < ADJ_REDUCE_TILE ? inner : ADJ_REDUCE_TILE);
    adj_parallel(outer * p.chunks * p.tiles, work >= CHUNK ? 1 : CHUNK / work + 1,
                 inner == 1 ? reduce_rows : reduce_columns, &p);
    if (p.chunks == 1) return;
    size_t merges = p.chunks * (inner < ADJ_REDUCE_TILE ? inner : ADJ_REDUCE_TILE);
    adj_parallel(outer * p.tiles, merges >= CHUNK ? 1 : CHUNK / merges + 1, merge_chunks, &p);
    for (size_t o = 0; o < outer; o++) {
        __builtin_memcpy((char *)y + o * inner * r->result,
                         p.to + o * p.chunks * inner * r->result, inner * r->result);
    }
    adj_free(p.to, bytes);
}
