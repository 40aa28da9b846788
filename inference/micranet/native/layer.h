/* What all kernels share: vectors of LANES floats, and the arguments that Python hands over. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Outputs lie in panels of so many channels, each in so many vectors. */
enum { PANEL = 16, VECTORS = PANEL / LANES };

typedef float Vec __attribute__((vector_size(4 * LANES)));
typedef float Loose __attribute__((vector_size(4 * LANES), aligned(4)));
typedef int32_t Bits __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))

INLINE Vec load(const float *p) { return *(const Loose *)p; }
INLINE void store(float *p, Vec v) { *(Loose *)p = v; }
INLINE Bits fill_bits(int32_t s) { return s - (Bits){0}; }
INLINE Vec keep(Vec v, Bits where) { return (Vec)((Bits)v & where); }
INLINE Vec choose(Bits where, Vec a, Vec b) { return (Vec)(((Bits)a & where) | ((Bits)b & ~where)); }
#if defined(__x86_64__) && LANES == 16
INLINE Vec fill(float s) { return _mm512_set1_ps(s); }
INLINE Vec larger(Vec a, Vec b) { return _mm512_max_ps(a, b); }
#elif defined(__x86_64__)
INLINE Vec fill(float s) { return _mm256_set1_ps(s); }
INLINE Vec larger(Vec a, Vec b) { return _mm256_max_ps(a, b); }
#else
INLINE Vec fill(float s) { return (Vec){s, s, s, s, s, s, s, s}; }
INLINE Vec larger(Vec a, Vec b) { return choose(a > b, a, b); }
#endif
typedef uint8_t Bytes __attribute__((vector_size(LANES), aligned(1)));
INLINE Bits load_bytes(const uint8_t *p) { return __builtin_convertvector(*(const Bytes *)p, Bits); }
INLINE void store_bytes(uint8_t *p, Bits v) { *(Bytes *)p = __builtin_convertvector(v, Bytes); }
INLINE int any(Bits b) {
    int32_t found = 0;
    for (int i = 0; i < LANES; i++) found |= b[i];
    return found != 0;
}
INLINE float total_of(Vec v) {
    typedef float Four __attribute__((vector_size(16)));
    Four part[LANES / 4], sum;
    memcpy(part, &v, sizeof v);
    sum = part[0];
    for (int i = 1; i < LANES / 4; i++) sum += part[i];
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* Arrays are (sample, y, x, channel), channels contiguous and a multiple of LANES (outputs of 16). */
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
