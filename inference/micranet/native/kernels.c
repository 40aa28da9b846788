/* Kernels of the local maps in float32: exact 3x3 convolutions, and what lies between them.

   Pure C with the vector extensions of GCC and Clang. Python starts one call per thread and divides
   the work by ``first`` and ``last``. */

#ifndef LANES
#define LANES 8
#endif

#if defined(__x86_64__) && defined(__clang__) && LANES == 16
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#elif defined(__x86_64__) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#elif defined(__x86_64__) && LANES == 16
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,fma")
#elif defined(__x86_64__)
#pragma GCC target("avx2,fma")
#endif

#include "layer.h"

#include "points.h"

#include "first.h"

#include "blocks.h"

#include "convolve.h"
#include "fine.h"
#include "gradients.h"
#include "project.h"

/* So that Python can tell a library that was built before its last change. */
long micranet_layer_size(void) { return sizeof(Layer); }

int micranet_lanes(void) { return LANES; }

#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute pop
#endif
