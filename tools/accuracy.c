// Measures the float32 functions of CAdjoint over all 2^32 inputs against the C library's functions
// of double, whose own error is below a millionth of a float's ulp.
//
// usage: accuracy [--every N] [--baseline-every N] [NAME...]
//
// The widest instruction set that the machine has is measured; the others must give the same bits.
// An error is in units of the last place of the exact result's binade: 2^(e-23) for 2^e <= |y| <
// 2^(e+1), and 2^-149 below 2^-126. An infinity counts as 2^128 where the exact result is finite.

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy_functions.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))
#define BLOCK 8192

/// What was found out about one function.
typedef struct {
    double worst, subnormal, sum;
    float at, with;
    uint64_t numbers, rounded, wrong, differing[PATHS], compared[PATHS];
    float wrongAt, wrongWith;
} Report;

static float from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// 1 / ulp of y's binade, a power of two.
static double per_ulp(double y) {
    uint64_t bits;
    memcpy(&bits, &y, sizeof bits);
    int64_t e = (int64_t)(bits >> 52 & 0x7ff) - 1023;
    e = e < -126 ? -126 : e > 127 ? 127 : e;
    bits = (uint64_t)(1023 + 23 - e) << 52;
    memcpy(&y, &bits, sizeof y);
    return y;
}

static double limited(double y) {
    y = y > 0x1p128 ? 0x1p128 : y;
    return y < -0x1p128 ? -0x1p128 : y;
}

/// What is not counted in ulps.
static void measure_special(Report *r, double e, double v, float x0, float x1, int isSlope) {
    int isWrong = isnan(e) != isnan(v) || (isinf(e) && v != e);
    // A slope that is too small for a number is 0 of either sign.
    if (!isSlope && !isWrong && v == 0) isWrong = signbit(v) != signbit(e);
    if (isWrong && r->wrong++ == 0) r->wrongAt = x0, r->wrongWith = x1;
}

/// Adds results to a report; `x1` is nil for functions of one argument. A slope has its zeros where
/// its terms cancel: within `zero` its errors are in ulps of 1/16 at least.
static void measure(Report *r, const float *x0, const float *x1, const float *y,
                    const double *exact, int n, int isSlope, const float *zero) {
    static double error[BLOCK];
    double sum = 0, worst = 0;
    int numbers = 0, rounded = 0, subnormal = 0, special = 0;
    for (int i = 0; i < n; i++) {
        double e = exact[i], v = (double)y[i];
        // Also 0 where it ought to be a number, and a number where it ought to be 0.
        int isNumber = (fabs(e) <= 0x1.fffffffffffffp1023) & (v == v) & ((e != 0) | (v != 0));
        double unit = per_ulp(e);
        error[i] = isNumber ? fabs(limited(v) - limited(e)) * unit : 0;
        numbers += isNumber;
        special |= !isNumber | (v == 0);
        rounded += isNumber & (y[i] == (float)e);
        subnormal |= isNumber & (fabs(e) < 0x1p-126);
    }
    for (int i = 0; special && i < n; i++) {
        double e = exact[i], v = (double)y[i];
        if (isnan(e) || isinf(e) || isnan(v) || v == 0) {
            measure_special(r, e, v, x0[i], x1 ? x1[i] : 0, isSlope);
        }
    }
    for (int i = 0; zero && i < n; i++) {
        double unit = per_ulp(exact[i]);
        if (x0[i] < zero[0] || x0[i] > zero[1] || unit <= per_ulp(0x1p-4)) continue;
        error[i] *= per_ulp(0x1p-4) / unit;
    }
    for (int i = 0; i < n; i++) {
        sum += error[i];
        worst = error[i] > worst ? error[i] : worst;
    }
    r->numbers += (uint64_t)numbers;
    r->rounded += (uint64_t)rounded;
    r->sum += sum;
    if (!subnormal && worst <= r->worst) return;
    for (int i = 0; i < n; i++) {
        if (error[i] > r->worst) r->worst = error[i], r->at = x0[i], r->with = x1 ? x1[i] : 0;
        if (fabs(exact[i]) < 0x1p-126 && error[i] > r->subnormal) r->subnormal = error[i];
    }
}

static void compare(Report *r, int path, const float *y, const float *other, int n) {
    r->compared[path] += (uint64_t)n;
    if (memcmp(y, other, (size_t)n * sizeof *y) == 0) return;
    for (int i = 0; i < n; i++) {
        // The payload and the sign of a NaN say nothing.
        if (isnan(y[i]) && isnan(other[i])) continue;
        r->differing[path] += memcmp(y + i, other + i, sizeof *y) != 0;
    }
}

static int first_path(void) {
    int path = 0;
    while (!has(path)) path++;
    return path;
}

static void print_head(const char *what) {
    printf("\n| %s | max ulp | at | mean ulp | correctly rounded | subnormal results | special values "
           "|\n| --- | ---: | --- | ---: | ---: | ---: | --- |\n", what);
}

static void print_row(const char *name, const Report *r, int isPair) {
    char place[64], subnormal[16] = "none", special[64] = "right";
    if (isPair) {
        snprintf(place, sizeof place, "%.9g, %.9g", (double)r->at, (double)r->with);
    } else {
        snprintf(place, sizeof place, "%.9g", (double)r->at);
    }
    if (r->worst == 0) snprintf(place, sizeof place, "-");
    if (r->subnormal > 0) snprintf(subnormal, sizeof subnormal, "%.2f", r->subnormal);
    if (r->wrong > 0) {
        snprintf(special, sizeof special, "%llu wrong, at %.9g %.9g", (unsigned long long)r->wrong,
                 (double)r->wrongAt, (double)r->wrongWith);
    }
    double n = r->numbers > 0 ? (double)r->numbers : 1;
    printf("| %s | %.2f | %s | %.3f | %.2f%% | %s | %s |\n", name, r->worst, place, r->sum / n,
           100 * (double)r->rounded / n, subnormal, special);
    for (int path = 0; path < PATHS; path++) {
        if (r->differing[path] == 0) continue;
        printf("%s: %llu of %llu inputs give other bits on the %s path\n", name,
               (unsigned long long)r->differing[path], (unsigned long long)r->compared[path],
               pathNames[path]);
    }
    fflush(stdout);
}

/// What a row adds to the exit status.
static int is_bad(const Report *r) {
    uint64_t differing = 0;
    for (int path = 0; path < PATHS; path++) differing += r->differing[path];
    return r->wrong > 0 || differing > 0;
}

static float x[BLOCK], x1[BLOCK], y[BLOCK], other[BLOCK];
static double exact[BLOCK];
static const float one = 1;

/// One function of one argument, or a slope (`kernel` nil), over every `every`-th input.
static Report sweep(const Unary *kernels, const Slope *slope, const float *zero,
                    double (*f)(double), uint64_t every, uint64_t baselineEvery) {
    Report r = {0};
    int first = first_path();
    uint64_t block = 0;
    for (uint64_t begin = 0; begin < 1ull << 32; block++) {
        int n = 0;
        for (; n < BLOCK && begin < 1ull << 32; begin += every) x[n++] = from_bits((uint32_t)begin);
        if (kernels) kernels[first](x, y, n); else slope[first](&one, 0, x, y, n);
        for (int i = 0; i < n; i++) exact[i] = f((double)x[i]);
        measure(&r, x, NULL, y, exact, n, slope != NULL, zero);
        for (int path = first + 1; path < PATHS; path++) {
            // Without fused instructions each step is a call: some blocks are enough, or an hour.
            if (path == 2 && block % baselineEvery != block / 1024 % baselineEvery) {
                continue;
            }
            if (kernels) kernels[path](x, other, n); else slope[path](&one, 0, x, other, n);
            compare(&r, path, y, other, n);
        }
    }
    return r;
}

static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/// A function of two arguments: all pairs of edge values, then drawn ones. A third of them are any
/// bits, a third have magnitudes around 1, a third lie where xʸ is a finite number.
static Report sample(const Binary *kernels, double (*f)(double, double), uint64_t count) {
    static const float edges[] = {
        0, 0x1p-149f, 0x1p-126f, 0.5f, 0x1.fffffep-1f, 1, 0x1.000002p0f, 1.5f, 2, 3, 0x1.fffffep23f,
        0x1p24f, 0x1.8p24f, 0x1p31f, 0x1.fffffep127f, INFINITY, NAN,
    };
    Report r = {0};
    int first = first_path(), n = 0;
    uint64_t state = 7, edgePairs = (uint64_t)(4 * COUNT(edges) * COUNT(edges));
    for (uint64_t k = 0; k < count; k++) {
        float a, b;
        if (k < edgePairs) {
            a = edges[k / 4 / COUNT(edges)], b = edges[k / 4 % COUNT(edges)];
            a = k & 1 ? -a : a, b = k & 2 ? -b : b;
        } else {
            uint64_t bits = next_random(&state);
            a = from_bits((uint32_t)bits), b = from_bits((uint32_t)(bits >> 32));
            if (k % 3 == 1) {
                a = from_bits((uint32_t)bits % 0x04000000u + 0x3d800000u);
                b = from_bits((uint32_t)(bits >> 32) % 0x04000000u + 0x3d800000u);
            } else if (k % 3 == 2) {
                a = fabsf(a);
                b = (float)((double)(int32_t)(bits >> 32) * 0x1p-31 * 104 / fabs(log((double)a)));
            }
        }
        x[n] = a, x1[n] = b, exact[n++] = f((double)a, (double)b);
        if (n < BLOCK && k + 1 < count) continue;
        kernels[first](x, 1, x1, 1, y, 1, n);
        measure(&r, x, x1, y, exact, n, 0, NULL);
        for (int path = first + 1; path < PATHS; path++) {
            kernels[path](x, 1, x1, 1, other, 1, n);
            compare(&r, path, y, other, n);
        }
        n = 0;
    }
    return r;
}

int main(int argc, char **argv) {
    uint64_t every = 1, baselineEvery = 64;
    const char *chosen[64];
    int chosenCount = 0, bad = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--every") == 0 && i + 1 < argc) every = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--baseline-every") == 0 && i + 1 < argc)
            baselineEvery = strtoull(argv[++i], NULL, 10);
        else if (argv[i][0] != '-' && chosenCount < 64) chosen[chosenCount++] = argv[i];
        else every = 0;
    }
    if (every == 0 || baselineEvery == 0) {
        fprintf(stderr, "usage: accuracy [--every N] [--baseline-every N] [NAME...], with N from 1\n");
        return 2;
    }
    printf("paths:");
    for (int path = 0; path < PATHS; path++) if (has(path)) printf(" %s", pathNames[path]);
    printf("; one input in %llu, on the baseline path one in %llu\n", (unsigned long long)every,
           (unsigned long long)(every * baselineEvery));
#define IS_CHOSEN(NAME)                                                                            \
    int isChosen = chosenCount == 0;                                                               \
    for (int j = 0; j < chosenCount; j++) isChosen |= strcmp(chosen[j], NAME) == 0;                \
    if (!isChosen) continue;
    print_head("function");
    for (int i = 0; i < COUNT(functions); i++) {
        IS_CHOSEN(functions[i].name)
        Report r = sweep(functions[i].kernels, NULL, NULL, functions[i].exact, every, baselineEvery);
        print_row(functions[i].name, &r, 0);
        bad |= is_bad(&r);
    }
    print_head("derivative");
    for (int i = 0; i < COUNT(slopes); i++) {
        IS_CHOSEN(slopes[i].name)
        Report r = sweep(NULL, slopes[i].kernels, slopes[i].zero, slopes[i].exact, every,
                         baselineEvery);
        print_row(slopes[i].name, &r, 0);
        bad |= is_bad(&r);
    }
    print_head("two arguments, drawn");
    for (int i = 0; i < COUNT(pairs); i++) {
        IS_CHOSEN(pairs[i].name)
        Report r = sample(pairs[i].kernels, pairs[i].exact, 300000000 / every + 10000);
        print_row(pairs[i].name, &r, 1);
        bad |= is_bad(&r);
    }
    return bad;
}
