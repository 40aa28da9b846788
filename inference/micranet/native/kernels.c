/* Exact 3x3 convolutions of float32 maps, forward and backward, by Winograd's F(4x4, 3x3).

   Every 4x4 block of output needs 36 multiply-adds per pair of channels instead of 144 (Lavin and
   Gray, CVPR 2016). Arrays are (sample, y, x, channel), channels contiguous and a multiple of 8
   (outputs of 16); outside the image there are zeros. Pure C with the vector extensions of GCC and
   Clang; Python starts one call per thread and divides the work by ``first`` and ``last``. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx2,fma")
#elif defined(__x86_64__) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#endif

enum { LANES = 8, PANEL = 16, ROWS = 6, TILES = 18, POINTS = 36, PAD = 16 };

typedef float Vec __attribute__((vector_size(32)));
typedef float Loose __attribute__((vector_size(32), aligned(4)));
typedef int32_t Bits __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))

INLINE Vec load(const float *p) { return *(const Loose *)p; }
INLINE void store(float *p, Vec v) { *(Loose *)p = v; }
INLINE Vec keep(Vec v, Bits where) { return (Vec)((Bits)v & where); }
INLINE Vec larger(Vec a, Vec b) {
    Bits first = a > b;
    return (Vec)(((Bits)a & first) | ((Bits)b & ~first));
}
INLINE int any(Bits b) {
    int32_t found = 0;
    for (int lane = 0; lane < LANES; lane++) found |= b[lane];
    return found;
}

typedef struct {
    const float *input;   /* (samples, height, width, inputs) */
    float *output;        /* (samples, height, width, outputs) */
    const float *kernel;  /* transformed: (36, outputs / 16, inputs, 16) */
    const float *bias;    /* (outputs) and a ReLU, or null */
    const float *gate;    /* (gates, height, width, outputs): output is 0 where it is not above 0; or null */
    const int32_t *owner; /* (samples): which gate belongs to a sample */
    double *sums;         /* (samples, outputs): sums before the gate are added here; or null */
    float *pooled;        /* (samples, height / 2, width / 2, outputs): 2x2 maxima; or null */
    int32_t height, width, inputs, outputs;
    int32_t sparse; /* leave out blocks whose whole input is zero; only without bias */
} Layer;

typedef struct {
    float *patches, *products, *zeros, *totals;
    int row[TILES], column[TILES], count;
    long sample;
} Work;

/* Transposed input matrix of F(4, 3), points 0, 1, -1, 2, -2, infinity. */
INLINE void to_points(Vec *d, int stride) {
    Vec d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride], d4 = d[4 * stride];
    Vec even = d4 - 4.0f * d2, odd = d3 - 4.0f * d1;
    Vec outer = d4 - d2, slope = 2.0f * (d3 - d1);
    d[0] = 4.0f * d0 - 5.0f * d2 + d4;
    d[5 * stride] = 4.0f * d1 - 5.0f * d3 + d[5 * stride];
    d[stride] = even + odd;
    d[2 * stride] = even - odd;
    d[3 * stride] = outer + slope;
    d[4 * stride] = outer - slope;
}

INLINE void from_points(const Vec *d, int stride, Vec *out) {
    Vec a = d[stride] + d[2 * stride], b = d[stride] - d[2 * stride];
    Vec c = d[3 * stride] + d[4 * stride], e = d[3 * stride] - d[4 * stride];
    out[0] = d[0] + a + c;
    out[1] = b + 2.0f * e;
    out[2] = a + 4.0f * c;
    out[3] = b + 8.0f * e + d[5 * stride];
}

static void transform_patch(const float *const *pixels, float *patch, long plane, int channels) {
    for (int c = 0; c < channels; c += LANES) {
        Vec d[POINTS];
        for (int y = 0; y < 6; y++) {
            for (int x = 0; x < 6; x++) d[6 * y + x] = load(pixels[6 * y + x] + c);
            to_points(d + 6 * y, 1);
        }
        for (int x = 0; x < 6; x++) {
            to_points(d + x, 6);
            for (int y = 0; y < 6; y++) store(patch + (6 * y + x) * plane + c, d[6 * y + x]);
        }
    }
}

INLINE void multiply_block(const float *a, int inner, const float *b, float *c, int ldc) {
    Vec sum[ROWS][2] = {{{0}}};
    for (int k = 0; k < inner; k++) {
        Vec b0 = load(b + k * PANEL), b1 = load(b + k * PANEL + LANES);
#pragma GCC unroll 6
        for (int i = 0; i < ROWS; i++) {
            float s = a[(long)i * inner + k];
            Vec v = {s, s, s, s, s, s, s, s};
            sum[i][0] += v * b0;
            sum[i][1] += v * b1;
        }
    }
    for (int i = 0; i < ROWS; i++) {
        store(c + (long)i * ldc, sum[i][0]);
        store(c + (long)i * ldc + LANES, sum[i][1]);
    }
}

static void multiply(const Layer *l, Work *w) {
    int inputs = l->inputs, outputs = l->outputs, rows = (w->count + ROWS - 1) / ROWS * ROWS;
    for (int q = 0; q < POINTS; q++) {
        float *a = w->patches + q * ((long)TILES * inputs + PAD);
        float *c = w->products + q * ((long)TILES * outputs + PAD);
        const float *b = l->kernel + (long)q * inputs * outputs;
        memset(a + (long)w->count * inputs, 0, sizeof(float) * inputs * (rows - w->count));
        for (int j = 0; j < outputs; j += PANEL)
            for (int t = 0; t < rows; t += ROWS)
                multiply_block(a + (long)t * inputs, inputs, b + (long)j * inputs,
                               c + (long)t * outputs + j, outputs);
    }
}

INLINE void pool_block(const Layer *l, const Work *w, int t, int c, Vec out[4][4]) {
    int height = l->height / 2, width = l->width / 2;
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++) {
            int y = 2 * w->row[t] + a, x = 2 * w->column[t] + b;
            if (y >= height || x >= width) continue;
            Vec top = larger(out[2 * a][2 * b], out[2 * a][2 * b + 1]);
            Vec low = larger(out[2 * a + 1][2 * b], out[2 * a + 1][2 * b + 1]);
            long pixel = ((w->sample * height + y) * width + x) * l->outputs + c;
            store(l->pooled + pixel, larger(top, low));
        }
}

/* One block of 4x4 pixels and 8 channels: back from the points, bias and ReLU or gate, and out. */
INLINE void finish_block(const Layer *l, Work *w, int t, int c, int forward) {
    const Vec zero = {0};
    long plane = (long)TILES * l->outputs + PAD;
    const float *from = w->products + (long)t * l->outputs + c;
    long origin = w->sample * l->height, gates = l->gate ? (long)l->owner[w->sample] * l->height : 0;
    Vec columns[4][6], out[4][4], total = zero, bias = forward ? load(l->bias + c) : zero;
    for (int x = 0; x < 6; x++) {
        Vec d[6], four[4];
        for (int y = 0; y < 6; y++) d[y] = load(from + (6 * y + x) * plane);
        from_points(d, 1, four);
        for (int y = 0; y < 4; y++) columns[y][x] = four[y];
    }
    for (int a = 0; a < 4; a++) {
        int y = 4 * w->row[t] + a;
        from_points(columns[a], 1, out[a]);
        for (int b = 0; b < 4; b++) {
            int x = 4 * w->column[t] + b;
            Vec v = out[a][b];
            if (forward) out[a][b] = v = larger(v + bias, zero);
            if (y >= l->height || x >= l->width) continue;
            total += v;
            if (!forward && l->gate)
                v = keep(v, load(l->gate + ((gates + y) * l->width + x) * l->outputs + c) > zero);
            store(l->output + ((origin + y) * l->width + x) * l->outputs + c, v);
        }
    }
    if (!forward) store(w->totals + c, load(w->totals + c) + total);
    if (forward && l->pooled) pool_block(l, w, t, c, out);
}

static void flush(const Layer *l, Work *w) {
    if (!w->count) return;
    multiply(l, w);
    for (int t = 0; t < w->count; t++)
        for (int c = 0; c < l->outputs; c += LANES)
            if (l->bias)
                finish_block(l, w, t, c, 1);
            else
                finish_block(l, w, t, c, 0);
    w->count = 0;
    if (!l->sums) return;
    for (int c = 0; c < l->outputs; c++) l->sums[w->sample * l->outputs + c] += w->totals[c];
    memset(w->totals, 0, sizeof(float) * l->outputs);
}

static void find_pixels(const Layer *l, const Work *w, int row, int column, const float **pixels) {
    for (int a = 0; a < 6; a++)
        for (int b = 0; b < 6; b++) {
            int y = 4 * row + a - 1, x = 4 * column + b - 1;
            int inside = y >= 0 && x >= 0 && y < l->height && x < l->width;
            long pixel = (w->sample * l->height + y) * l->width + x;
            pixels[6 * a + b] = inside ? l->input + pixel * l->inputs : w->zeros;
        }
}

static int is_empty(const Layer *l, const Work *w, const float *const *pixels) {
    const Vec zero = {0};
    for (int q = 0; q < POINTS; q++) {
        Bits found = {0};
        if (pixels[q] == w->zeros) continue;
        for (int c = 0; c < l->inputs; c += LANES) found |= load(pixels[q] + c) != zero;
        if (any(found)) return 0;
    }
    return 1;
}

static void clear_block(const Layer *l, const Work *w, int row, int column) {
    for (int y = 4 * row; y < 4 * row + 4 && y < l->height; y++) {
        int width = l->width - 4 * column < 4 ? l->width - 4 * column : 4;
        long pixel = (w->sample * l->height + y) * l->width + 4 * column;
        memset(l->output + pixel * l->outputs, 0, sizeof(float) * width * l->outputs);
    }
}

static void add_block(const Layer *l, Work *w, int row, int column) {
    const float *pixels[POINTS];
    find_pixels(l, w, row, column, pixels);
    if (l->sparse && is_empty(l, w, pixels)) {
        clear_block(l, w, row, column);
        return;
    }
    long plane = (long)TILES * l->inputs + PAD;
    transform_patch(pixels, w->patches + (long)w->count * l->inputs, plane, l->inputs);
    w->row[w->count] = row;
    w->column[w->count++] = column;
    if (w->count == TILES) flush(l, w);
}

/* Rows ``first`` to ``last`` of blocks, counted over all samples. Returns 0, or 1 without memory. */
int micranet_convolve(const Layer *l, long first, long last) {
    int rows = (l->height + 3) / 4, columns = (l->width + 3) / 4;
    Work w = {0};
    w.patches = malloc(sizeof(float) * POINTS * ((long)TILES * l->inputs + PAD));
    w.products = malloc(sizeof(float) * POINTS * ((long)TILES * l->outputs + PAD));
    w.zeros = calloc(l->inputs, sizeof(float));
    w.totals = calloc(l->outputs, sizeof(float));
    int failed = !w.patches || !w.products || !w.zeros || !w.totals;
    for (long unit = first; unit < last && !failed; unit++) {
        w.sample = unit / rows;
        for (int column = 0; column < columns; column++)
            add_block(l, &w, (int)(unit % rows), column);
        if (unit + 1 == last || (unit + 1) / rows != w.sample) flush(l, &w);
    }
    free(w.patches), free(w.products), free(w.zeros), free(w.totals);
    return failed;
}

/* One pixel of the first layer: 16 channels from ``count`` taps in reach, each with its inputs. */
INLINE void first_pixel(const Layer *l, const float *const *taps, const int *where, int count, int c,
                        float *out) {
    const Vec zero = {0};
    int inputs = l->inputs, outputs = l->outputs;
    Vec a = load(l->bias + c), b = load(l->bias + c + LANES);
    for (int tap = 0; tap < count; tap++) {
        const float *k = l->kernel + (long)where[tap] * inputs * outputs + c;
        for (int i = 0; i < inputs; i++, k += outputs) {
            a += taps[tap][i] * load(k);
            b += taps[tap][i] * load(k + LANES);
        }
    }
    store(out + c, larger(a, zero));
    store(out + c + LANES, larger(b, zero));
}

/* First layer, few inputs: plain convolution, bias, ReLU. kernel (9, inputs, outputs). Units are rows. */
int micranet_first(const Layer *l, long first, long last) {
    for (long unit = first; unit < last; unit++) {
        int y = (int)(unit % l->height);
        for (int x = 0; x < l->width; x++) {
            const float *taps[9];
            int where[9], count = 0;
            for (int tap = 0; tap < 9; tap++) {
                int dy = tap / 3 - 1, dx = tap % 3 - 1;
                if (y + dy < 0 || y + dy >= l->height || x + dx < 0 || x + dx >= l->width) continue;
                taps[count] = l->input + ((unit + dy) * l->width + x + dx) * l->inputs;
                where[count++] = tap;
            }
            float *out = l->output + (unit * l->width + x) * l->outputs;
            for (int c = 0; c < l->outputs; c += 2 * LANES) first_pixel(l, taps, where, count, c, out);
        }
    }
    return 0;
}

/* Gradient through 2x2 max pooling: ``input`` (samples, height / 2, width / 2, outputs) goes to the
   first of the largest of the four pixels of ``gate`` (gates, height, width, outputs). Units are
   rows of blocks. */
int micranet_unpool(const Layer *l, long first, long last) {
    int rows = l->height / 2, columns = l->width / 2, n = l->outputs;
    long down = (long)l->width * n;
    for (long unit = first; unit < last; unit++) {
        long sample = unit / rows, y = unit % rows;
        for (int x = 0; x < columns; x++) {
            const float *from = l->input + (unit * columns + x) * n;
            const float *g = l->gate + (((long)l->owner[sample] * l->height + 2 * y) * l->width + 2 * x) * n;
            float *to = l->output + ((sample * l->height + 2 * y) * l->width + 2 * x) * n;
            for (int c = 0; c < n; c += LANES) {
                Vec v = load(from + c), a = load(g + c), b = load(g + n + c);
                Vec d = load(g + down + c), e = load(g + down + n + c);
                Vec top = larger(larger(a, b), larger(d, e));
                Bits taken = a == top;
                store(to + c, keep(v, taken));
                Bits here = (b == top) & ~taken;
                store(to + n + c, keep(v, here));
                taken |= here;
                here = (d == top) & ~taken;
                store(to + down + c, keep(v, here));
                store(to + down + n + c, keep(v, ~(taken | here)));
            }
        }
    }
    return 0;
}

/* Gradient of single points through a 3x3 convolution. point (points, 4): sample, y, x, channel of
   the output; weight (points); kernel (channels, 9, outputs). Adds to ``output``, which must be zero
   at first. Units are groups of 8 channels, so that threads never meet. */
int micranet_scatter(const Layer *l, const int32_t *point, const float *weight, long points,
                     long first, long last) {
    for (long p = 0; p < points; p++, point += 4)
        for (int tap = 0; tap < 9; tap++) {
            long y = point[1] + tap / 3 - 1, x = point[2] + tap % 3 - 1;
            if (y < 0 || x < 0 || y >= l->height || x >= l->width) continue;
            const float *k = l->kernel + ((long)point[3] * 9 + tap) * l->outputs;
            float *out = l->output + ((point[0] * (long)l->height + y) * l->width + x) * l->outputs;
            for (long c = first * LANES; c < last * LANES; c += LANES)
                store(out + c, load(out + c) + weight[p] * load(k + c));
        }
    return 0;
}

/* Weighted sums of channels: input (samples, pixels, inputs), kernel (samples, outputs, inputs),
   output (samples, outputs, pixels); pixels = height x width. Units are rows. */
int micranet_project(const Layer *l, long first, long last) {
    long pixels = (long)l->height * l->width;
    for (long unit = first; unit < last; unit++) {
        long sample = unit / l->height, start = unit % l->height * l->width;
        for (int s = 0; s < l->outputs; s++) {
            const float *k = l->kernel + (sample * l->outputs + s) * l->inputs;
            const float *in = l->input + unit * l->width * l->inputs;
            float *out = l->output + (sample * l->outputs + s) * pixels + start;
            for (int x = 0; x < l->width; x++, in += l->inputs) {
                Vec sum = {0};
                for (int c = 0; c < l->inputs; c += LANES) sum += load(k + c) * load(in + c);
                out[x] = ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
            }
        }
    }
    return 0;
}

#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute pop
#endif
