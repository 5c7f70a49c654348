// The matrix product around the micro-kernels, written once for both precisions. The file that
// includes it defines T, F and NAME(x), which appends the suffix of the precision.
//
// Large products go in blocks of k (`depth`) and of columns: B's block is packed into panels as
// wide as a tile, then tasks of a few row panels pack their piece of A and sweep over B's panels.
// Where both matrices fit the second-level cache, packing costs more than it saves: A is read in
// place, and B too where its rows are contiguous.

#include "gemm.h"
#include "include/adjoint_gemm.h"
#include "include/adjoint_memory.h"
#include "include/adjoint_threads.h"

#pragma STDC FP_CONTRACT OFF

enum {
    depth = 512,                 // of one block of k
    blockColumns = 4096,         // of B packed at a time
    taskPanels = 8,              // row panels of one task, at most
    fewTasks = 8,                // tasks to aim at, at least
    smallWork = 1 << 18,         // multiply-adds of products without ceremony
    parallelWork = 1 << 20,      // multiply-adds from which on threads pay
    partDepth = 4096,            // of a part of a great k, at least
    mostParts = 8,
    deepElements = 1 << 14,      // of C, up to which a great k is cut into parts
    inPlaceBytes = 2 << 20,      // of A and B together, up to which packing does not pay
};

typedef struct {
    int transA, transB;
    size_t m, n, k;
    T alpha, beta;
    const T *a, *b;
    T *c;
    size_t lda, ldb, ldc;
} NAME(Product);

static inline size_t NAME(up)(size_t a, size_t b) { return (a + b - 1) / b; }
static inline size_t NAME(min)(size_t a, size_t b) { return a < b ? a : b; }

/// Where the i-th of `count` nearly equal parts of `total` begins.
static inline size_t NAME(part)(size_t total, size_t count, size_t i) {
    return total * i / count;
}

/// Which of a row count's kernels suits a number of columns.
static inline int NAME(shape)(const NAME(adj_kernels) * kernels, size_t cols) {
    size_t lanes = (size_t)kernels->lanes;
    return cols >= 2 * lanes ? 0 : cols > lanes ? 1 : 2;
}

static void NAME(small)(const NAME(Product) * g) {
    const NAME(adj_kernels) *kernels = NAME(adj_gemm_kernels)();
    size_t width = 2 * (size_t)kernels->lanes;
    size_t panels = NAME(up)(g->m, (size_t)kernels->rows);
    T *packed = NULL;
    if (g->n <= width / 2 && g->transB && kernels->lanes * sizeof(T) >= 32) width /= 2;
    size_t packedBytes = NAME(min)(g->k, depth) * width * sizeof(T);
    if (g->transB) packed = adj_alloc(packedBytes);
    for (size_t p0 = 0; p0 < g->k; p0 += depth) {
        size_t k = NAME(min)(depth, g->k - p0);
        T beta = p0 ? 1 : g->beta;
        for (size_t j = 0; j < g->n; j += width) {
            size_t cols = NAME(min)(width, g->n - j);
            const T *b = g->b + (g->transB ? j * g->ldb + p0 : p0 * g->ldb + j);
            ptrdiff_t rsb = (ptrdiff_t)g->ldb;
            if (g->transB) {
                NAME(adj_pack_across)(packed, width, cols, k, b, g->ldb);
                b = packed;
                rsb = (ptrdiff_t)width;
            }
            int shape = NAME(shape)(kernels, cols);
            for (size_t r = 0; r < panels; r++) {
                size_t i = NAME(part)(g->m, panels, r);
                size_t rows = NAME(part)(g->m, panels, r + 1) - i;
                T *c = g->c + i * g->ldc + j;
                if (g->transA) {
                    kernels->packed[rows - 1][shape](k, g->a + p0 * g->lda + i, 1,
                                                     (ptrdiff_t)g->lda, b, rsb, NULL, c,
                                                     (ptrdiff_t)g->ldc, (int)cols, g->alpha, beta);
                } else {
                    kernels->strided[rows - 1][shape](k, g->a + i * g->lda + p0,
                                                      (ptrdiff_t)g->lda, 1, b, rsb, NULL, c,
                                                      (ptrdiff_t)g->ldc, (int)cols, g->alpha, beta);
                }
            }
        }
    }
    adj_free(packed, packedBytes);
}

/// One block of k and of columns of a large product.
typedef struct {
    const NAME(Product) * g;
    const NAME(adj_kernels) * kernels;
    size_t p0, k, j0, n;
    size_t panels, tasks;        // row panels in all, and the groups of them
    size_t bands;                // groups of B panels
    int inPlace;                 // neither A nor a B with contiguous rows is packed
    T *packed;
    T beta;
} NAME(Block);

static void NAME(pack_b)(size_t begin, size_t end, void *context) {
    const NAME(Block) *block = context;
    const NAME(Product) *g = block->g;
    size_t width = 2 * (size_t)block->kernels->lanes;
    for (size_t panel = begin; panel < end; panel++) {
        size_t j = panel * width, cols = NAME(min)(width, block->n - j);
        T *to = block->packed + j * block->k;
        j += block->j0;
        if (g->transB) {
            NAME(adj_pack_across)(to, width, cols, block->k, g->b + j * g->ldb + block->p0, g->ldb);
        } else {
            NAME(adj_pack_along)(to, width, cols, block->k, g->b + block->p0 * g->ldb + j, g->ldb);
        }
    }
}

/// Packs the A of some row panels.
static void NAME(pack_a)(const NAME(Block) * block, size_t first, size_t last, T *to) {
    const NAME(Product) *g = block->g;
    size_t height = (size_t)block->kernels->panel;
    for (size_t r = first; r < last; r++, to += height * block->k) {
        size_t i = NAME(part)(g->m, block->panels, r);
        size_t rows = NAME(part)(g->m, block->panels, r + 1) - i;
        if (g->transA) {
            NAME(adj_pack_along)(to, height, rows, block->k, g->a + block->p0 * g->lda + i, g->lda);
        } else {
            NAME(adj_pack_across)(to, height, rows, block->k, g->a + i * g->lda + block->p0,
                                  g->lda);
        }
    }
}

/// Multiplies row panels first..<last with B panels begin..<end. `packed` is NULL for A in place.
static void NAME(sweep)(const NAME(Block) * block, size_t first, size_t last, size_t begin,
                        size_t end, const T *packed) {
    const NAME(Product) *g = block->g;
    const NAME(adj_kernels) *kernels = block->kernels;
    size_t width = 2 * (size_t)kernels->lanes, height = (size_t)kernels->panel;
    ptrdiff_t rsb = (ptrdiff_t)(block->packed ? width : g->ldb);
    for (size_t panel = begin; panel < end; panel++) {
        size_t j = panel * width, cols = NAME(min)(width, block->n - j);
        const T *b = block->packed ? block->packed + j * block->k
                                   : g->b + block->p0 * g->ldb + block->j0 + j;
        int shape = NAME(shape)(kernels, cols);
        for (size_t r = first; r < last; r++) {
            size_t i = NAME(part)(g->m, block->panels, r);
            size_t rows = NAME(part)(g->m, block->panels, r + 1) - i;
            T *c = g->c + i * g->ldc + block->j0 + j;
            NAME(adj_kernel) kernel = kernels->packed[rows - 1][shape];
            const T *a = packed ? packed + (r - first) * height * block->k : g->a;
            ptrdiff_t rsa = 1, csa = (ptrdiff_t)height;
            if (!packed && g->transA) {
                a += block->p0 * g->lda + i;
                csa = (ptrdiff_t)g->lda;
            } else if (!packed) {
                kernel = kernels->strided[rows - 1][shape];
                a += i * g->lda + block->p0;
                rsa = (ptrdiff_t)g->lda;
                csa = 1;
            }
            kernel(block->k, a, rsa, csa, b, rsb, NULL, c, (ptrdiff_t)g->ldc, (int)cols, g->alpha,
                   block->beta);
        }
    }
}

static void NAME(run_tasks)(size_t begin, size_t end, void *context) {
    const NAME(Block) *block = context;
    size_t columnPanels = NAME(up)(block->n, 2 * (size_t)block->kernels->lanes);
    size_t bytes = NAME(up)(block->panels, block->tasks) * (size_t)block->kernels->panel *
                   block->k * sizeof(T);
    T *packed = block->inPlace ? NULL : adj_alloc(bytes);
    for (size_t task = begin; task < end; task++) {
        size_t group = task / block->bands, band = task % block->bands;
        size_t first = NAME(part)(block->panels, block->tasks, group);
        size_t last = NAME(part)(block->panels, block->tasks, group + 1);
        if (packed) NAME(pack_a)(block, first, last, packed);
        NAME(sweep)(block, first, last, NAME(part)(columnPanels, block->bands, band),
                    NAME(part)(columnPanels, block->bands, band + 1), packed);
    }
    adj_free(packed, bytes);
}

static void NAME(large)(const NAME(Product) * g) {
    NAME(Block) block = {.g = g, .kernels = NAME(adj_gemm_kernels)()};
    size_t width = 2 * (size_t)block.kernels->lanes;
    size_t columnPanels = NAME(up)(NAME(min)(g->n, blockColumns), width);
    block.panels = NAME(up)(g->m, (size_t)block.kernels->rows);
    // Rows a page apart meet in the same few cache lines; those are packed whatever their size.
    int clashA = !g->transA && g->lda * sizeof(T) % 4096 == 0;
    int clashB = g->ldb * sizeof(T) % 4096 == 0 && g->k >= 64;
    block.inPlace = (g->m + g->n) * g->k * sizeof(T) <= inPlaceBytes && !clashA;
    block.tasks = NAME(up)(block.panels, taskPanels);
    if (block.tasks < fewTasks) block.tasks = NAME(min)(block.panels, fewTasks);
    block.bands = NAME(min)(NAME(up)(fewTasks, block.tasks), NAME(up)(columnPanels, 4));
    size_t depths = NAME(up)(g->k, depth);
    size_t bytes = columnPanels * width * NAME(up)(g->k, depths) * sizeof(T);
    int alone = g->m * g->n * NAME(min)(g->k, depth) < parallelWork;
    if (!block.inPlace || g->transB || clashB) block.packed = adj_alloc(bytes);
    for (block.j0 = 0; block.j0 < g->n; block.j0 += blockColumns) {
        block.n = NAME(min)(blockColumns, g->n - block.j0);
        columnPanels = NAME(up)(block.n, width);
        for (size_t d = 0; d < depths; d++) {
            block.p0 = NAME(part)(g->k, depths, d);
            block.k = NAME(part)(g->k, depths, d + 1) - block.p0;
            block.beta = d ? 1 : g->beta;
            size_t packGrain = alone ? columnPanels : 1 + 16384 / (block.k * width);
            if (block.packed) adj_parallel(columnPanels, packGrain, NAME(pack_b), &block);
            size_t all = block.tasks * block.bands;
            adj_parallel(all, alone ? all : 1, NAME(run_tasks), &block);
        }
    }
    adj_free(block.packed, bytes);
}

static void NAME(scale)(const NAME(Product) * g) {
    for (size_t i = 0; i < g->m; i++) {
        for (size_t j = 0; j < g->n; j++) {
            T *c = g->c + i * g->ldc + j;
            *c = g->beta == 0 ? 0 : g->beta * *c;
        }
    }
}

static void NAME(multiply)(const NAME(Product) * g);

/// A product of few elements and a great k, cut into parts of k.
typedef struct {
    const NAME(Product) * g;
    size_t parts;
    T *sums;
} NAME(Split);

static void NAME(multiply_parts)(size_t begin, size_t end, void *context) {
    const NAME(Split) *split = context;
    for (size_t i = begin; i < end; i++) {
        NAME(Product) g = *split->g;
        size_t p0 = NAME(part)(g.k, split->parts, i);
        g.k = NAME(part)(g.k, split->parts, i + 1) - p0;
        g.a += g.transA ? p0 * g.lda : p0;
        g.b += g.transB ? p0 : p0 * g.ldb;
        g.c = split->sums + i * g.m * g.n;
        g.ldc = g.n;
        g.alpha = 1;
        g.beta = 0;
        NAME(multiply)(&g);
    }
}

static void NAME(deep)(const NAME(Product) * g) {
    NAME(Split) split = {g, NAME(min)(g->k / partDepth, mostParts), NULL};
    size_t size = g->m * g->n, bytes = split.parts * size * sizeof(T);
    split.sums = adj_alloc(bytes);
    adj_parallel(split.parts, 1, NAME(multiply_parts), &split);
    for (size_t i = 0; i < size; i++) {
        T sum = split.sums[i], *c = g->c + i / g->n * g->ldc + i % g->n;
        for (size_t p = 1; p < split.parts; p++) sum += split.sums[p * size + i];
        *c = g->beta == 0 ? g->alpha * sum : g->alpha * sum + g->beta * *c;
    }
    adj_free(split.sums, bytes);
}

static void NAME(multiply)(const NAME(Product) * g) {
    if (g->m == 0 || g->n == 0) return;
    if (g->k == 0) {
        NAME(scale)(g);
    } else if (g->n == 1) {
        NAME(adj_gemv)(g->transA, g->transA ? g->k : g->m, g->transA ? g->m : g->k, g->alpha, g->a,
                       g->lda, g->b, g->transB ? 1 : g->ldb, g->beta, g->c, g->ldc);
    } else if (g->m == 1) {
        NAME(adj_gemv)(!g->transB, g->transB ? g->n : g->k, g->transB ? g->k : g->n, g->alpha,
                       g->b, g->ldb, g->a, g->transA ? g->lda : 1, g->beta, g->c, 1);
    } else if (g->m * g->n * g->k <= smallWork) {
        NAME(small)(g);
    } else if (g->m * g->n <= deepElements && g->k >= 2 * partDepth) {
        NAME(deep)(g);
    } else {
        NAME(large)(g);
    }
}

void NAME(adj_gemm)(int transA, int transB, size_t m, size_t n, size_t k, T alpha, const T *a,
                    size_t lda, const T *b, size_t ldb, T beta, T *c, size_t ldc) {
    NAME(adj_blas) blas = NAME(adj_gemm_blas)();
    size_t largest = (size_t)1 << 31;
    if (blas && m && n && k && m < largest && n < largest && k < largest && lda < largest &&
        ldb < largest && ldc < largest) {
        enum { rowMajor = 101, plain = 111, transposed = 112 };
        blas(rowMajor, transA ? transposed : plain, transB ? transposed : plain, (int)m, (int)n,
             (int)k, alpha, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
        return;
    }
    NAME(Product) g = {transA, transB, m, n, k, alpha, beta, a, b, c, lda, ldb, ldc};
    NAME(multiply)(&g);
}

typedef struct {
    NAME(Product) first;
    ptrdiff_t strideA, strideB, strideC;
} NAME(Batch);

static void NAME(run_batch)(size_t begin, size_t end, void *context) {
    const NAME(Batch) *batch = context;
    const NAME(Product) *g = &batch->first;
    for (size_t i = begin; i < end; i++) {
        ptrdiff_t at = (ptrdiff_t)i;
        NAME(adj_gemm)(g->transA, g->transB, g->m, g->n, g->k, g->alpha,
                       g->a + at * batch->strideA, g->lda, g->b + at * batch->strideB, g->ldb,
                       g->beta, g->c + at * batch->strideC, g->ldc);
    }
}

void NAME(adj_gemm_batched)(size_t count, ptrdiff_t strideA, ptrdiff_t strideB, ptrdiff_t strideC,
                            int transA, int transB, size_t m, size_t n, size_t k, T alpha,
                            const T *a, size_t lda, const T *b, size_t ldb, T beta, T *c,
                            size_t ldc) {
    // Rows of all items in one product, where B is shared and the items follow one another.
    if (count > 1 && strideB == 0 && !transA && strideA == (ptrdiff_t)(m * lda) &&
        strideC == (ptrdiff_t)(m * ldc)) {
        NAME(adj_gemm)(0, transB, count * m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        return;
    }
    NAME(Batch) batch = {{transA, transB, m, n, k, alpha, beta, a, b, c, lda, ldb, ldc},
                         strideA, strideB, strideC};
    size_t work = m * n * k, grain = count;
    if (work * count >= parallelWork && work < 8 * (size_t)parallelWork) {
        grain = 1 + parallelWork / 4 / (work + 1);
    }
    adj_parallel(count, grain, NAME(run_batch), &batch);
}
