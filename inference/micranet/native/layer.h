/* What all kernels share: vectors of 8 floats, and the arguments that Python hands over. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8, PANEL = 16 };

typedef float Vec __attribute__((vector_size(32)));
typedef float Loose __attribute__((vector_size(32), aligned(4)));
typedef int32_t Bits __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))

INLINE Vec load(const float *p) { return *(const Loose *)p; }
INLINE void store(float *p, Vec v) { *(Loose *)p = v; }
INLINE Vec fill(float s) { return (Vec){s, s, s, s, s, s, s, s}; }
INLINE Bits fill_bits(int32_t s) { return (Bits){s, s, s, s, s, s, s, s}; }
INLINE Vec keep(Vec v, Bits where) { return (Vec)((Bits)v & where); }
INLINE Vec choose(Bits where, Vec a, Vec b) { return (Vec)(((Bits)a & where) | ((Bits)b & ~where)); }
#if defined(__x86_64__)
INLINE Vec larger(Vec a, Vec b) { return __builtin_ia32_maxps256(a, b); }
#else
INLINE Vec larger(Vec a, Vec b) { return choose(a > b, a, b); }
#endif
typedef uint8_t Bytes __attribute__((vector_size(8), aligned(1)));
INLINE Bits load_bytes(const uint8_t *p) { return __builtin_convertvector(*(const Bytes *)p, Bits); }
INLINE void store_bytes(uint8_t *p, Bits v) { *(Bytes *)p = __builtin_convertvector(v, Bytes); }
INLINE int any(Bits b) {
    typedef int64_t Halves __attribute__((vector_size(32)));
    Halves h = (Halves)b;
    return (h[0] | h[1] | h[2] | h[3]) != 0;
}
INLINE float total_of(Vec v) {
    return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
}

/* Arrays are (sample, y, x, channel), channels contiguous and a multiple of 8 (outputs of 16). */
typedef struct Layer Layer;
struct Layer {
    const float *input;   /* (samples, height, width, inputs) */
    float *output;        /* (samples, height, width, outputs) */
    const float *kernel;  /* in the order that the kernel at hand wants */
    const float *bias;    /* (outputs) and a ReLU, or null */
    const float *gate;    /* (gates, height, width, outputs): output is 0 where it is not above 0; or null */
    const int32_t *owner; /* (samples): which gate belongs to a sample */
    double *sums;         /* (samples, outputs): sums before the gate are added here; or null */
    double *gated;        /* (samples, outputs): sums after the gate are added here; or null */
    float *pooled;        /* (samples, height / 2, width / 2, outputs): 2x2 maxima; or null */
    uint8_t *chosen;      /* which of the four each maximum is, the first if several; or null. Forward it is
                             written with pooled. Backward it says (gates, height / 2, width / 2, inputs)
                             that input has half the size and goes to the chosen pixels */
    const Layer *before;  /* the first layer, whose activations are made anew as input; or null */
    int32_t height, width, inputs, outputs;
    int32_t side; /* of a block of output: 4 or 6 */
};
