//===--- adjoint_random.h - counter-based random numbers --------------------------------------===//
//
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011).
// The key is the seed (low word, high word); the counter is (low, high, 0, 0) of `offset + block`.
// A block gives four 32-bit words, so element i depends on (seed, offset, i) alone: not on n, on
// threads or on chunks. Every function returns how many counters it used: the caller adds that to
// its offset. Everything runs in parallel inside.
//
// Known answers of the generator: counter 0 and key 0 give 6627e8d5 e169c58d bc57ac4c 9b00dbd8;
// all words ffffffff give 408f276d 41c83b0e a20bc7c6 6d5451fd; counter 243f6a88 85a308d3 13198a2e
// 03707344 with key a4093822 299f31d0 gives d16cfe09 94fdcceb 5001e420 24126ea1.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_RANDOM_H
#define ADJOINT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One block of Philox4x32-10.
void adj_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// Uniform in [0, 1), multiples of 2⁻²⁴; element i is word i mod 4 of block i / 4.
/// Returns ⌈n / 4⌉.
uint64_t adj_random_uniform_f32(uint64_t seed, uint64_t offset, float *y, size_t n);
/// Uniform in [0, 1), multiples of 2⁻⁵³ from two words. Returns ⌈n / 2⌉.
uint64_t adj_random_uniform_f64(uint64_t seed, uint64_t offset, double *y, size_t n);
/// Standard normal by Box and Muller, two from each pair of words. Returns ⌈n / 4⌉.
uint64_t adj_random_normal_f32(uint64_t seed, uint64_t offset, float *y, size_t n);
/// Standard normal by Box and Muller, two from each block. Returns ⌈n / 2⌉.
uint64_t adj_random_normal_f64(uint64_t seed, uint64_t offset, double *y, size_t n);
/// 64 random bits each: words 2 (i mod 2) (low) and 2 (i mod 2) + 1 (high). Returns ⌈n / 2⌉.
uint64_t adj_random_bits(uint64_t seed, uint64_t offset, uint64_t *y, size_t n);
/// `scale` with probability p, else 0: `scale` where the uniform number of float32 is below p.
/// Returns ⌈n / 4⌉.
uint64_t adj_random_bernoulli_f32(uint64_t seed, uint64_t offset, double p, float scale, float *y,
                                  size_t n);
/// As for float32, with the same draws. Returns ⌈n / 4⌉.
uint64_t adj_random_bernoulli_f64(uint64_t seed, uint64_t offset, double p, double scale,
                                  double *y, size_t n);

#ifdef __cplusplus
}
#endif

#endif
