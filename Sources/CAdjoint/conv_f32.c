// Convolutions in single precision.

#pragma STDC FP_CONTRACT OFF

#define T float
#define NAME(x) x##_f32
#include "conv_driver.h"
#include "conv_weight.h"
