// The matrix product in single precision.

#define T float
#define NAME(x) x##_f32
#include "gemm_driver.h"
