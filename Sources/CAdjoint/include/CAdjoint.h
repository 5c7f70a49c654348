#ifndef CADJOINT_H
#define CADJOINT_H

#include "adjoint_memory.h"
#include "adjoint_threads.h"
#include "adjoint_gemm.h"
#include "adjoint_lapack.h"
#include "adjoint_conv.h"
#include "adjoint_pointwise.h"
#include "adjoint_reduce.h"
#include "adjoint_normalize.h"
#include "adjoint_recurrent.h"
#include "adjoint_copy.h"
#include "adjoint_random.h"
#include "adjoint_optim.h"
#include "adjoint_math.h"
#include "adjoint_text.h"
#include "adjoint_trace.h"

#endif
