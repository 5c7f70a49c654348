//===--- vectormath_angle.h - angles and powers of double -------------------------------------===//
//
// A pair (high, low) is a number of about 106 bits.
//
//===------------------------------------------------------------------------------------------===//

#ifndef ADJOINT_VECTORMATH_ANGLE_H
#define ADJOINT_VECTORMATH_ANGLE_H

#include "vectormath_f64.h"

/// x rem π/2 as high + low for |x| <= 2¹⁹: the first two parts of π/2 have 33 bits, so that their
/// products with the quotient are exact.
ADJ_INLINE double adj_angle_f64(double x, double *low, int64_t *quadrant) {
    const double magic = 0x1.8p52;
    double t = adj_fma(x, 0x1.45f306dc9c883p-1, magic);
    double k = t - magic;
    *quadrant = (int64_t)(adj_bits_f64(t) - adj_bits_f64(magic));
    double a = adj_fma(k, -0x1.921fb544p+0, x);
    double r = adj_fma(k, -0x1.0b4611a6p-34, a);
    double e = adj_fma(k, -0x1.0b4611a6p-34, a - r);
    e = adj_fma(k, -0x1.3198a2e037073p-69, e);
    double sum = r + e;
    // Small angles stay as they are, -0 among them.
    *low = k == 0.0 ? 0.0 : e - (sum - r);
    return k == 0.0 ? x : sum;
}

ADJ_INLINE double adj_sin_poly_f64(double r, double low) {
    double z = r * r;
    double cube = adj_fma(r * z, ADJ_POLY_F64(z, adj_sin_c64), low * adj_fma(z, -0.5, 1.0));
    // Not r + cube at -0.
    return z == 0.0 ? r : r + cube;
}

ADJ_INLINE double adj_cos_poly_f64(double r, double low) {
    double z = r * r;
    double half = 0.5 * z;
    double w = 1.0 - half;
    double rest = adj_fma(z * z, ADJ_POLY_F64(z, adj_cos_c64), -r * low);
    return w + (((1.0 - w) - half) + rest);
}

ADJ_INLINE double adj_sin_quadrant_f64(double r, double low, int64_t q) {
    double y = (q & 1) != 0 ? adj_cos_poly_f64(r, low) : adj_sin_poly_f64(r, low);
    return (q & 2) != 0 ? -y : y;
}

ADJ_INLINE double adj_tan_quadrant_f64(double r, double low, int64_t q) {
    double s = adj_sin_poly_f64(r, low), c = adj_cos_poly_f64(r, low);
    return (q & 1) != 0 ? -c / s : s / c;
}

ADJ_INLINE double adj_core_atan2_f64(double y, double x) {
    double ay = adj_abs(y), ax = adj_abs(x);
    int swap = ay > ax;
    double num = swap ? ax : ay, den = swap ? ay : ax;
    // Scaled, so that num + den does not overflow.
    double scale = den > 0x1p1020 ? 0x1p-10 : 1.0;
    int both = num > 0x1.fffffffffffffp1023;
    num = both ? 1.0 : num * scale;
    den = both ? 1.0 : den * scale;
    // atan(q) = π/4 + atan((q - 1) / (q + 1)) above tan(π/8).
    int upper = num > den * 0x1.a827999fcef32p-2;
    double q = (upper ? num - den : num) / (upper ? num + den : den);
    q = den == 0.0 ? 0.0 : q;
    double z = q * q;
    double r = adj_fma(q * z, ADJ_POLY_F64(z, adj_atan_c64), q);
    double octants = upper ? 1.0 : 0.0;
    octants = swap ? 2.0 - octants : octants;
    r = swap ? -r : r;
    int negative = (adj_bits_f64(x) >> 63) != 0;
    octants = negative ? 4.0 - octants : octants;
    r = negative ? -r : r;
    double high = octants * 0x1.921fb54442d18p-1;
    double low = adj_fma(octants, 0x1.921fb54442d18p-1, -high) + octants * 0x1.1a62633145c07p-55;
    double result = adj_copysign(high + (r + low), y);
    return x != x || y != y ? x + y : result;
}

/// log(x) as high + low with about 65 bits, for x > 0, finite.
ADJ_INLINE double adj_log_long_f64(double x, double *low) {
    double f;
    double k = adj_log_split_f64(x, &f);
    // s = f / (2 + f) as a pair; log = 2 s (1 + s²/3 + s⁴ T(s²)).
    double d = 2.0 + f, d_low = f - (d - 2.0);
    double reciprocal = 1.0 / d;
    double s = f * reciprocal;
    double s_low = (adj_fma(-s, d, f) - s * d_low) * reciprocal;
    double z = s * s, z_low = adj_fma(s, s, -z) + 2.0 * s * s_low;
    double u = z * 0x1.5555555555555p-2;
    double u_low = adj_fma(z, 0x1.5555555555555p-2, -u);
    u_low += adj_fma(z, 0x1.5555555555555p-56, z_low * 0x1.5555555555555p-2);
    double v = z * z * ADJ_POLY_F64(z, adj_logt_c64);
    double w = u + v, w_low = ((u - w) + v) + u_low;
    double a = 2.0 * s;
    double b = a * w;
    double b_low = adj_fma(a, w, -b) + adj_fma(a, w_low, 2.0 * s_low * (1.0 + w));
    double c = k * 0x1.62e42fefa2p-1;
    double t = c + a, t_low = (c - t) + a;
    double h = t + b, h_low = (t - h) + b;
    double rest = (t_low + h_low) + adj_fma(k, 0x1.9ef35793c7673p-41, b_low);
    double sum = h + rest;
    *low = rest - (sum - h);
    return sum;
}

ADJ_INLINE double adj_core_pow_f64(double x, double y) {
    const double inf = (double)INFINITY;
    double ax = adj_abs(x), ay = adj_abs(y);
    double low;
    double high = adj_log_long_f64(ax, &low);
    double p = y * high;
    double r = adj_exp_pair_f64(p, adj_fma(y, high, -p) + y * low);
    int integer = adj_rint(y) == y;
    int odd = integer & (adj_rint(0.5 * y) != 0.5 * y);
    double grows = y > 0.0 ? inf : 0.0, shrinks = y > 0.0 ? 0.0 : inf;
    r = ax == 0.0 ? shrinks : r;
    r = ax > 0x1.fffffffffffffp1023 ? grows : r;
    double at_infinity = ax == 1.0 ? 1.0 : (ax > 1.0 ? grows : shrinks);
    r = ay > 0x1.fffffffffffffp1023 ? at_infinity : r;
    r = (odd & ((adj_bits_f64(x) >> 63) != 0)) ? -r : r;
    r = ((x < 0.0) & (ax <= 0x1.fffffffffffffp1023) & !integer) ? (double)NAN : r;
    r = ((x != x) | (y != y)) ? x + y : r;
    return ((y == 0.0) | (x == 1.0)) ? 1.0 : r;
}

#endif
