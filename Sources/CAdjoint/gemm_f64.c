// The matrix product in double precision.

#define T double
#define NAME(x) x##_f64
#include "gemm_driver.h"
