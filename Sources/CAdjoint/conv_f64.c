// Convolutions in double precision.

#pragma STDC FP_CONTRACT OFF

#define T double
#define NAME(x) x##_f64
#include "conv_driver.h"
#include "conv_weight.h"
