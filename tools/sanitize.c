// The thread pool, the allocator and the kernels that work in parallel, used by many threads at
// once: what ThreadSanitizer and AddressSanitizer look at in `tools/sanitize small`. Every array is
// a block of its own, of odd sizes, so that a step past its end is seen.
//
// Every result is compared, bit by bit, with that of one thread alone.

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adjoint_conv.h"
#include "adjoint_gemm.h"
#include "adjoint_memory.h"
#include "adjoint_normalize.h"
#include "adjoint_optim.h"
#include "adjoint_reduce.h"
#include "adjoint_threads.h"

enum { users = 6 };

static _Atomic int failures;

static void expect(bool holds, const char *what, size_t a, size_t b, size_t c) {
    if (holds) return;
    printf("sanitize: %s is another with several threads (%zu, %zu, %zu)\n", what, a, b, c);
    atomic_fetch_add(&failures, 1);
}

static uint32_t next(uint32_t *seed) {
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static float *numbers(size_t n, uint32_t seed) {
    float *x = malloc(n * sizeof(float) + (n == 0));
    for (size_t i = 0; i < n; i++) x[i] = (float)(next(&seed) % 2001) / 1000 - 1;
    return x;
}

/// Runs `body` on several threads at once, and waits for all.
static void together(void *(*body)(void *)) {
    pthread_t threads[users];
    for (intptr_t i = 0; i < users; i++) pthread_create(&threads[i], NULL, body, (void *)i);
    for (int i = 0; i < users; i++) pthread_join(threads[i], NULL);
}

// The pool: whoever finds it busy works alone, and every index is met once.

static void add_one(size_t begin, size_t end, void *context) {
    uint8_t *met = context;
    for (size_t i = begin; i < end; i++) met[i] += 1;
}

static void nested(size_t begin, size_t end, void *context) {
    uint8_t *met = context;
    for (size_t i = begin; i < end; i++) adj_parallel(1001, 10, add_one, met + i * 1001);
}

static void *use_pool(void *number) {
    for (size_t round = 0; round < 60; round++) {
        size_t n = 5003 + 997 * round;
        uint8_t *met = calloc(n, 1);
        if ((intptr_t)number == 0) adj_set_threads((int)(round % 4) + 1);
        adj_parallel(n, 17, add_one, met);
        bool all = true;
        for (size_t i = 0; i < n; i++) all = all && met[i] == 1;
        expect(all, "the pool's work", n, 0, 0);
        free(met);
    }
    uint8_t *met = calloc(40 * 1001, 1);
    adj_parallel(40, 1, nested, met);
    for (size_t i = 0; i < 40 * 1001; i++) expect(met[i] == 1, "nested work", i, 0, 0);
    free(met);
    return NULL;
}

// Memory: blocks change hands, and another thread gives them back.

typedef struct {
    size_t bytes;
    uint8_t first;
} Note;

static _Atomic(Note *) mailbox[16];

static void *use_memory(void *number) {
    uint32_t seed = (uint32_t)(intptr_t)number + 1;
    for (int round = 0; round < 6000; round++) {
        uint32_t kind = next(&seed) % 100;
        size_t bytes = sizeof(Note) + next(&seed) % (kind < 90 ? 1500 : kind < 99 ? 40000 : 3 << 20);
        Note *note = adj_alloc(bytes);
        uint8_t mark = (uint8_t)next(&seed);
        memset(note, mark, bytes);
        note->bytes = bytes;
        note->first = mark;
        Note *other = atomic_exchange(&mailbox[next(&seed) % 16], note);
        if (other) {
            size_t size = other->bytes;
            const uint8_t *last = (const uint8_t *)other + size - 1;
            if (size > sizeof(Note)) expect(*last == other->first, "a block", size, 0, 0);
            adj_free(other, size);
        }
        if (round % 500 == 0) {
            size_t live, cached, peak, made;
            adj_memory_stats(&live, &cached, &peak, &made);
            if (number) adj_memory_trim();
            else adj_memory_reset_peak();
        }
    }
    return NULL;
}

static void check_memory(void) {
    size_t before, after;
    adj_memory_stats(&before, NULL, NULL, NULL);
    together(use_memory);
    for (int i = 0; i < 16; i++) {
        Note *note = atomic_exchange(&mailbox[i], NULL);
        if (note) adj_free(note, note->bytes);
    }
    adj_memory_stats(&after, NULL, NULL, NULL);
    expect(before == after, "the count of bytes in use", before, after, 0);
    adj_memory_set_limit(1 << 20);
    expect(adj_memory_has_room(1 << 20) == (after == 0), "room up to the limit", after, 0, 0);
    expect(!adj_memory_has_room((1 << 20) + 1), "room beyond the limit", after, 0, 0);
    adj_memory_set_limit(0);
    expect(adj_memory_has_room(1 << 20), "room in the machine", after, 0, 0);
}

// Kernels: each writes its answers one after the other, so that they can be compared.

typedef struct {
    float *at, *end;
} Answers;

static void keep(Answers *answers, const float *x, size_t n) {
    if (answers->at + n <= answers->end) memcpy(answers->at, x, n * sizeof(float));
    answers->at += n;
}

static void products(Answers *answers, size_t m, size_t n, size_t k) {
    float *a = numbers(m * k, 1), *b = numbers(k * n, 2), *c = numbers(m * n, 3);
    for (int trans = 0; trans < 4; trans++) {
        int ta = trans & 1, tb = trans >> 1;
        adj_gemm_f32(ta, tb, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, trans == 3 ? 0.5f : 0, c, n);
        keep(answers, c, m * n);
    }
    free(a), free(b), free(c);
}

static void sums(Answers *answers, size_t outer, size_t reduce, size_t inner) {
    size_t n = outer * reduce * inner;
    float *x = numbers(n, 4), *y = numbers(outer * inner, 5), *z = numbers(n, 6);
    int64_t *index = malloc(outer * inner * sizeof(int64_t));
    adj_sum_f32(x, y, outer, reduce, inner);
    keep(answers, y, outer * inner);
    adj_max_index_f32(x, y, index, outer, reduce, inner);
    keep(answers, y, outer * inner);
    adj_softmax_f32(x, z, outer, reduce, inner);
    keep(answers, z, n);
    free(x), free(y), free(z), free(index);
}

static void convolution(Answers *answers, size_t batch, size_t channels, size_t side) {
    adj_conv_shape shape = {
        .batch = batch, .inChannels = channels, .outChannels = channels + 3, .groups = 1, .dims = 2,
        .in = {side, side + 1}, .kernel = {3, 3}, .out = {side, side + 1},
        .stride = {1, 1}, .padding = {1, 1}, .dilation = {1, 1}};
    size_t nx = batch * channels * side * (side + 1), nw = (channels + 3) * channels * 9;
    size_t ny = batch * (channels + 3) * side * (side + 1);
    float *x = numbers(nx, 7), *w = numbers(nw, 8), *y = numbers(ny, 9);
    adj_conv_forward_f32(&shape, x, w, y);
    keep(answers, y, ny);
    adj_conv_backward_weight_f32(&shape, y, x, w);
    keep(answers, w, nw);
    adj_conv_backward_input_f32(&shape, y, w, x);
    keep(answers, x, nx);
    free(x), free(w), free(y);
}

static void optimiser(Answers *answers, size_t n) {
    float *p = numbers(n, 10), *g = numbers(n, 11), *m = numbers(n, 12), *v = calloc(n, 4);
    adj_adam_f32(p, g, m, v, NULL, n, 1e-2, 0.9, 0.999, 1e-8, 0.01, 1, 0.1, 0.001, 0);
    keep(answers, p, n);
    adj_sgd_f32(p, g, m, n, 0.1, 0.9, 0, 0, 1, 0, 0);
    keep(answers, p, n);
    free(p), free(g), free(m), free(v);
}

enum { room = 4 << 20 };
static float *expected;
static size_t expectedCount;

static size_t kernels(float *into) {
    Answers answers = {into, into + room};
    static const size_t sizes[] = {1, 2, 7, 17, 33, 65};
    for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++) {
            for (int k = 0; k < 6; k++) products(&answers, sizes[i], sizes[j], sizes[k]);
            sums(&answers, sizes[i], sizes[j], 3);
            sums(&answers, sizes[i], sizes[j] * 31, 1);
        }
        convolution(&answers, 3, sizes[i] % 20 + 1, 9);
        optimiser(&answers, sizes[i] * 1009);
    }
    products(&answers, 150, 130, 70);
    products(&answers, 3, 5, 20011);
    sums(&answers, 1, 300007, 1);
    sums(&answers, 70, 90, 11);
    return (size_t)(answers.at - into);
}

static void *use_kernels(void *number) {
    float *found = calloc(room, sizeof(float));
    if ((intptr_t)number == 0) adj_set_threads(3);
    size_t count = kernels(found);
    expect(count == expectedCount && memcmp(found, expected, count * sizeof(float)) == 0,
           "what a kernel computes", (size_t)(intptr_t)number, count, expectedCount);
    free(found);
    return NULL;
}

// What must be found: a count without a lock, and a number past the end of a block.

static int count;

static void *race(void *number) {
    for (int i = 0; i < 1000; i++) *(volatile int *)&count += 1;
    return number;
}

static int fault(void) {
    together(race);
    size_t n = 33;
    float *x = adj_alloc(n * sizeof(float)), y;
    for (size_t i = 0; i < n; i++) x[i] = 1;
    adj_sum_f32(x, &y, 1, n + 1, 1);
    adj_free(x, n * sizeof(float));
    return 0;
}

int main(int words, char **word) {
    if (words > 1 && strcmp(word[1], "fault") == 0) return fault();
    check_memory();
    together(use_pool);
    adj_set_threads(1);
    expected = calloc(room, sizeof(float));
    expectedCount = kernels(expected);
    expect(expectedCount <= room, "the room for answers", expectedCount, 0, 0);
    together(use_kernels);
    free(expected);
    printf("sanitize: %zu numbers of kernels, %d failures\n", expectedCount, atomic_load(&failures));
    return atomic_load(&failures) != 0;
}
