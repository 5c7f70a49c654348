// LAPACK and triangular solves in single precision.

#pragma STDC FP_CONTRACT OFF

#define T float
#define NAME(x) x##_f32
#define TWICE 0
#include "lapack_driver.h"
