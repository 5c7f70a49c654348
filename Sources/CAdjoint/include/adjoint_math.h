//===--- adjoint_math.h - the C library's functions under names that Swift can call without
// importing a platform module --------------------------------------------------------------===//

#ifndef ADJOINT_MATH_H
#define ADJOINT_MATH_H

#include <math.h>

#define ADJ_MATH_1(NAME)                                                                           \
    static inline double adj_m_##NAME(double x) { return NAME(x); }                                \
    static inline float adj_m_##NAME##f(float x) { return NAME##f(x); }
#define ADJ_MATH_2(NAME)                                                                           \
    static inline double adj_m_##NAME(double x, double y) { return NAME(x, y); }                   \
    static inline float adj_m_##NAME##f(float x, float y) { return NAME##f(x, y); }

ADJ_MATH_1(exp)
ADJ_MATH_1(exp2)
ADJ_MATH_1(expm1)
ADJ_MATH_1(log)
ADJ_MATH_1(log2)
ADJ_MATH_1(log10)
ADJ_MATH_1(log1p)
ADJ_MATH_1(sin)
ADJ_MATH_1(cos)
ADJ_MATH_1(tan)
ADJ_MATH_1(asin)
ADJ_MATH_1(acos)
ADJ_MATH_1(atan)
ADJ_MATH_1(sinh)
ADJ_MATH_1(cosh)
ADJ_MATH_1(tanh)
ADJ_MATH_1(asinh)
ADJ_MATH_1(acosh)
ADJ_MATH_1(atanh)
ADJ_MATH_1(erf)
ADJ_MATH_1(erfc)
ADJ_MATH_1(lgamma)
ADJ_MATH_2(pow)
ADJ_MATH_2(hypot)
ADJ_MATH_2(fmod)
ADJ_MATH_2(atan2)

#undef ADJ_MATH_1
#undef ADJ_MATH_2

#endif
