/* Kernels of the local maps in float32: exact 3x3 convolutions, and what lies between them.

   Pure C with the vector extensions of GCC and Clang. Python starts one call per thread and divides
   the work by ``first`` and ``last``. */

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx2,fma")
#elif defined(__x86_64__) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
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

#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute pop
#endif
