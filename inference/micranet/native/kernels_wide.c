/* The kernels with vectors of 16 floats, for processors with AVX-512. Elsewhere this stays empty. */

#if defined(__x86_64__)
#define LANES 16
#include "kernels.c"
#endif
