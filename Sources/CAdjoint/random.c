//===--- random.c - counter-based random numbers ----------------------------------------------===//

#include "adjoint_random.h"

#include "adjoint_threads.h"
#include "multiversion.h"
#include "vectormath_f32.h"
#include "vectormath_f64.h"

/// Blocks of the generator that run together.
#define BATCH 64
/// Batches in a piece of parallel work.
#define GRAIN 32

ADJ_INLINE void philox_rounds(uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0,
                              uint32_t k1) {
    uint32_t a = *c0, b = *c1, c = *c2, d = *c3;
    for (int round = 0; round < 10; round++) {
        uint64_t p = (uint64_t)a * 0xd2511f53u, q = (uint64_t)c * 0xcd9e8d57u;
        a = (uint32_t)(q >> 32) ^ b ^ k0;
        c = (uint32_t)(p >> 32) ^ d ^ k1;
        b = (uint32_t)q;
        d = (uint32_t)p;
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    *c0 = a;
    *c1 = b;
    *c2 = c;
    *c3 = d;
}

void adj_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    memcpy(out, counter, 4 * sizeof *out);
    philox_rounds(out, out + 1, out + 2, out + 3, key[0], key[1]);
}

typedef struct {
    uint64_t seed, offset;
    void *y;
    size_t n;
    double p, scale;
} random_plan;

/// The words of BATCH blocks from counter `first` on, word by word.
ADJ_INLINE void batch_words(const random_plan *p, uint64_t first, uint32_t w[4][BATCH]) {
    uint32_t k0 = (uint32_t)p->seed, k1 = (uint32_t)(p->seed >> 32);
    for (int i = 0; i < BATCH; i++) {
        uint64_t counter = first + (uint64_t)i;
        uint32_t a = (uint32_t)counter, b = (uint32_t)(counter >> 32), c = 0, d = 0;
        philox_rounds(&a, &b, &c, &d, k0, k1);
        w[0][i] = a;
        w[1][i] = b;
        w[2][i] = c;
        w[3][i] = d;
    }
}

/// 24 bits in [0, 1).
ADJ_INLINE float uniform_f32(uint32_t w) { return (float)(int32_t)(w >> 8) * 0x1p-24f; }

/// 53 bits in [0, 1): the magic number makes them a double without a 64-bit conversion.
ADJ_INLINE double uniform_f64(uint32_t low, uint32_t high) {
    uint64_t bits = ((uint64_t)high << 32 | low) >> 12;
    double coarse = adj_from_bits_f64(bits | 0x3ff0000000000000ull) - 1.0;
    return coarse + (double)(low >> 11 & 1) * 0x1p-53;
}

// (sin(√z) / √z - 1) / z and (cos(√z) - 1 + z / 2) / z² on 0 <= z <= (π / 4)², interpolated in
// Chebyshev's nodes.
static const float sin_c32[] = {-0x1.555552p-3f, 0x1.110c1cp-7f, -0x1.9ac2cap-13f};
static const float cos_c32[] = {0x1.555554p-5f, -0x1.6c12c8p-10f, 0x1.9bd314p-16f};

/// sin and cos of 2π times a fraction of 32 bits, the sine first.
ADJ_INLINE void turn_f32(uint32_t w, float *sine, float *cosine) {
    // The nearest quarter turn and the rest, both exact.
    uint32_t quarter = (w + 0x20000000u) >> 30;
    float r = (float)(int32_t)(w - (quarter << 30)) * (0x1.921fb6p+2f * 0x1p-32f);
    float z = r * r;
    float s = adj_fma(r * z, ADJ_POLY_F32(z, sin_c32), r);
    float c = adj_fma(z * z, ADJ_POLY_F32(z, cos_c32), adj_fma(z, -0.5f, 1.0f));
    float x = (quarter & 1) != 0 ? c : s, y = (quarter & 1) != 0 ? s : c;
    *sine = (quarter & 2) != 0 ? -x : x;
    *cosine = ((quarter + 1) & 2) != 0 ? -y : y;
}

/// sin and cos of 2π u for 0 <= u < 1.
ADJ_INLINE void turn_f64(double u, double *sine, double *cosine) {
    double quarter = adj_rint(4.0 * u);
    double r = (u - 0.25 * quarter) * 0x1.921fb54442d18p+2;
    int32_t q = (int32_t)quarter;
    double z = r * r;
    double s = adj_fma(r * z, ADJ_POLY_F64(z, adj_sin_c64), r);
    double c = adj_fma(z * z, ADJ_POLY_F64(z, adj_cos_c64), adj_fma(z, -0.5, 1.0));
    double x = (q & 1) != 0 ? c : s, y = (q & 1) != 0 ? s : c;
    *sine = (q & 2) != 0 ? -x : x;
    *cosine = ((q + 1) & 2) != 0 ? -y : y;
}

/// Box and Muller: radius √(-2 log u), u in (0, 1], with 32 bits, and an angle.
ADJ_INLINE void normals_f32(uint32_t a, uint32_t b, float *y0, float *y1) {
    float u = adj_fma((float)(int32_t)(a >> 8), 0x1p-24f, (float)(int32_t)((a & 0xff) + 1) * 0x1p-32f);
    float radius = adj_sqrt(-2.0f * adj_core_log_f32(u));
    float s, c;
    turn_f32(b, &s, &c);
    *y0 = radius * c;
    *y1 = radius * s;
}

ADJ_INLINE void normals_f64(double u, double v, double *y0, double *y1) {
    double radius = adj_sqrt(-2.0 * adj_core_log_f64(1.0 - u));
    double s, c;
    turn_f64(v, &s, &c);
    *y0 = radius * c;
    *y1 = radius * s;
}

/// A generator: PER elements of a block, made by the last argument from words `w` of block `i` into `to`.
#define ADJ_RANDOM(NAME, T, PER, ...)                                                              \
    ADJ_MULTIVERSION static void NAME##_batches(size_t begin, size_t end, void *context) {         \
        const random_plan *p = context;                                                            \
        uint32_t w[4][BATCH];                                                                      \
        T part[PER * BATCH];                                                                       \
        for (size_t batch = begin; batch < end; batch++) {                                         \
            size_t first = batch * PER * BATCH, rest = p->n - first;                               \
            T *to = rest < PER * BATCH ? part : (T *)p->y + first;                                 \
            batch_words(p, p->offset + batch * BATCH, w);                                          \
            ADJ_VECTOR_LOOP                                                                        \
            for (int i = 0; i < BATCH; i++) __VA_ARGS__                                            \
            if (to == part) memcpy((T *)p->y + first, part, rest * sizeof(T));                     \
        }                                                                                          \
    }                                                                                              \
    static uint64_t NAME(random_plan p) {                                                          \
        adj_parallel((p.n + PER * BATCH - 1) / (PER * BATCH), GRAIN, NAME##_batches, &p);          \
        return (p.n + PER - 1) / PER;                                                              \
    }

ADJ_RANDOM(uniforms_f32, float, 4, {
    for (int k = 0; k < 4; k++) to[4 * i + k] = uniform_f32(w[k][i]);
})

ADJ_RANDOM(uniforms_f64, double, 2, {
    to[2 * i] = uniform_f64(w[0][i], w[1][i]);
    to[2 * i + 1] = uniform_f64(w[2][i], w[3][i]);
})

ADJ_RANDOM(gaussians_f32, float, 4, {
    normals_f32(w[0][i], w[1][i], &to[4 * i], &to[4 * i + 1]);
    normals_f32(w[2][i], w[3][i], &to[4 * i + 2], &to[4 * i + 3]);
})

ADJ_RANDOM(gaussians_f64, double, 2, {
    double u = uniform_f64(w[0][i], w[1][i]), v = uniform_f64(w[2][i], w[3][i]);
    normals_f64(u, v, &to[2 * i], &to[2 * i + 1]);
})

ADJ_RANDOM(bits, uint64_t, 2, {
    to[2 * i] = (uint64_t)w[1][i] << 32 | w[0][i];
    to[2 * i + 1] = (uint64_t)w[3][i] << 32 | w[2][i];
})

ADJ_RANDOM(coins_f32, float, 4, {
    for (int k = 0; k < 4; k++) {
        to[4 * i + k] = (double)uniform_f32(w[k][i]) < p->p ? (float)p->scale : 0.0f;
    }
})

ADJ_RANDOM(coins_f64, double, 4, {
    for (int k = 0; k < 4; k++) {
        to[4 * i + k] = (double)uniform_f32(w[k][i]) < p->p ? p->scale : 0.0;
    }
})

uint64_t adj_random_uniform_f32(uint64_t seed, uint64_t offset, float *y, size_t n) {
    return uniforms_f32((random_plan){seed, offset, y, n, 0, 0});
}

uint64_t adj_random_uniform_f64(uint64_t seed, uint64_t offset, double *y, size_t n) {
    return uniforms_f64((random_plan){seed, offset, y, n, 0, 0});
}

uint64_t adj_random_normal_f32(uint64_t seed, uint64_t offset, float *y, size_t n) {
    return gaussians_f32((random_plan){seed, offset, y, n, 0, 0});
}

uint64_t adj_random_normal_f64(uint64_t seed, uint64_t offset, double *y, size_t n) {
    return gaussians_f64((random_plan){seed, offset, y, n, 0, 0});
}

uint64_t adj_random_bits(uint64_t seed, uint64_t offset, uint64_t *y, size_t n) {
    return bits((random_plan){seed, offset, y, n, 0, 0});
}

uint64_t adj_random_bernoulli_f32(uint64_t seed, uint64_t offset, double p, float scale, float *y,
                                  size_t n) {
    return coins_f32((random_plan){seed, offset, y, n, p, (double)scale});
}

uint64_t adj_random_bernoulli_f64(uint64_t seed, uint64_t offset, double p, double scale,
                                  double *y, size_t n) {
    return coins_f64((random_plan){seed, offset, y, n, p, scale});
}
