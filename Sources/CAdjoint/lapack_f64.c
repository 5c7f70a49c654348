// LAPACK and triangular solves in double precision.

#pragma STDC FP_CONTRACT OFF

#define T double
#define NAME(x) x##_f64
#define TWICE 1
#include "lapack_driver.h"
