/* 3x3 convolutions, forward and backward, by Winograd's F(4x4, 3x3) and F(6x6, 3x3).

   A block of 4x4 outputs needs 36 multiply-adds per pair of channels instead of 144, one of 6x6 needs
   64 instead of 324. kernel: transformed, (points, outputs / 16, inputs, 16). */

enum { ROWS = 6, TILES = 18, PAD = 16, AHEAD = 16 };

/* Blocks wait in groups of ROWS: (group, point, row, channel), a little padded, so that the points of
   one block lie on few pages and spread over the cache. */
INLINE long plane_of(int channels) { return (long)ROWS * channels + PAD; }
INLINE long place_of(int block, int channels, int points) {
    return block / ROWS * points * plane_of(channels) + block % ROWS * (long)channels;
}

typedef struct {
    float *patches, *products, *rim, *totals, *passed;
    int row[TILES], column[TILES], count;
    long sample;
} Work;

/* The pixels under a block at the image's rim, with zeros outside, in an array of their own. */
static void copy_rim(const Layer *l, Work *w, int top, int left, int length) {
    size_t pixel = sizeof(float) * l->inputs;
    memset(w->rim, 0, pixel * length * length);
    int first = left < 0 ? -left : 0, last = l->width - left < length ? l->width - left : length;
    for (int a = 0; a < length; a++) {
        if (top + a < 0 || top + a >= l->height) continue;
        const float *line = l->input + ((w->sample * l->height + top + a) * l->width + left) * l->inputs;
        memcpy(w->rim + ((long)a * length + first) * l->inputs, line + (long)first * l->inputs,
               pixel * (last - first));
    }
}

/* Transform the pixels under a block, 8 channels from c on, and put them with their group. */
INLINE void to_patch(const Layer *l, Work *w, int c, int side, Vec *d) {
    const int length = side + 2;
    long plane = plane_of(l->inputs);
    float *patch = w->patches + place_of(w->count, l->inputs, length * length) + c;
    for (int y = 0; y < length; y++) to_points(d + length * y, 1, side);
    for (int x = 0; x < length; x++) {
        to_points(d + x, length, side);
        for (int y = 0; y < length; y++) {
            float *to = patch + (length * y + x) * plane;
            store(to, d[length * y + x]);
            __builtin_prefetch(to + AHEAD, 1);
        }
    }
}

INLINE void add_block(const Layer *l, Work *w, int row, int column, int side) {
    const int length = side + 2;
    int top = side * row - 1, left = side * column - 1;
    int inside = top >= 0 && left >= 0 && top + length <= l->height && left + length <= l->width;
    if (!inside) copy_rim(l, w, top, left, length);
    const float *from = w->rim;
    long right = l->inputs, down = (long)(inside ? l->width : length) * right;
    if (inside) from = l->input + ((w->sample * l->height + top) * l->width + left) * right;
    for (int c = 0; c < l->inputs; c += LANES) {
        Vec d[LONGEST * LONGEST];
        for (int y = 0; y < length; y++) {
            if (side == 4 && inside && c % AHEAD == 0)
                for (int x = 2; x < length; x++) __builtin_prefetch(from + y * down + (x + side) * right + c);
            for (int x = 0; x < length; x++) d[length * y + x] = load(from + y * down + x * right + c);
        }
        to_patch(l, w, c, side, d);
    }
}

/* The same where the input is a gradient at 2x2 maxima: each goes to the pixel that was the maximum.
   Blocks begin at odd pixels, so the first of four lies outside of them, up and left. */
INLINE void add_unpooled(const Layer *l, Work *w, int row, int column, int side) {
    const int length = side + 2, half = length / 2 + 1;
    int height = l->height / 2, width = l->width / 2, top = side / 2 * row - 1, left = side / 2 * column - 1;
    long own = w->sample * height, gates = (long)l->owner[w->sample] * height;
    for (int c = 0; c < l->inputs; c += LANES) {
        Vec d[LONGEST * LONGEST];
        for (int a = 0; a < half; a++)
            for (int b = 0; b < half; b++) {
                int y = top + a, x = left + b, inside = y >= 0 && x >= 0 && y < height && x < width;
                Vec v = {0};
                Bits at = {0};
                if (inside) {
                    v = load(l->input + ((own + y) * width + x) * l->inputs + c);
                    at = load_bytes(l->chosen + ((gates + y) * width + x) * l->inputs + c);
                }
                for (int k = 0; k < 4; k++) {
                    int line = 2 * a - 1 + k / 2, place = 2 * b - 1 + k % 2;
                    if (line >= 0 && line < length && place >= 0 && place < length)
                        d[length * line + place] = keep(v, at == k);
                }
            }
        to_patch(l, w, c, side, d);
    }
}

/* ``next``: the factors that are wanted after these; they come from afar, so they are sent for. */
INLINE void multiply_block(const float *a, int inner, const float *b, const float *next, float *c, int ldc) {
    Vec sum[ROWS][2] = {{{0}}};
    for (int k = 0; k < inner; k++) {
        __builtin_prefetch(next + k * PANEL, 0, 2);
        Vec b0 = load(b + k * PANEL), b1 = load(b + k * PANEL + LANES);
#pragma GCC unroll 6
        for (int i = 0; i < ROWS; i++) {
            Vec v = fill(a[(long)i * inner + k]);
            sum[i][0] += v * b0;
            sum[i][1] += v * b1;
        }
    }
    for (int i = 0; i < ROWS; i++) {
        store(c + (long)i * ldc, sum[i][0]);
        store(c + (long)i * ldc + LANES, sum[i][1]);
    }
}

static void multiply(const Layer *l, Work *w, int points) {
    int inputs = l->inputs, outputs = l->outputs;
    for (int q = 0; q < points; q++) {
        const float *b = l->kernel + (long)q * inputs * outputs;
        float *a = w->patches + q * plane_of(inputs), *c = w->products + q * plane_of(outputs);
        for (int j = 0; j < outputs; j += PANEL)
            for (int t = 0; t < w->count; t += ROWS) {
                const float *here = b + (long)j * inputs;
                const float *next = t + ROWS < w->count ? here : here + (long)PANEL * inputs;
                multiply_block(a + place_of(t, inputs, points), inputs, here, next,
                               c + place_of(t, outputs, points) + j, outputs);
            }
    }
}

INLINE void pool_block(const Layer *l, const Work *w, int t, int c, int side, Vec out[MOST_SIDE][MOST_SIDE]) {
    int height = l->height / 2, width = l->width / 2, half = side / 2;
    for (int a = 0; a < half; a++)
        for (int b = 0; b < half; b++) {
            int y = half * w->row[t] + a, x = half * w->column[t] + b;
            if (y >= height || x >= width) continue;
            Vec top = larger(out[2 * a][2 * b], out[2 * a][2 * b + 1]);
            Vec low = larger(out[2 * a + 1][2 * b], out[2 * a + 1][2 * b + 1]);
            long pixel = ((w->sample * height + y) * width + x) * l->outputs + c;
            Vec most = larger(top, low);
            store(l->pooled + pixel, most);
            Bits second = ~(out[2 * a][2 * b] == most), third = second & ~(out[2 * a][2 * b + 1] == most);
            Bits fourth = third & ~(out[2 * a + 1][2 * b] == most);
            store_bytes(l->chosen + pixel, -(second + third + fourth));
        }
}

/* One block and 8 channels, back from the points. */
INLINE void from_block(const Layer *l, const Work *w, int t, int c, int side, Vec out[MOST_SIDE][MOST_SIDE]) {
    const int length = side + 2;
    long plane = plane_of(l->outputs);
    const float *from = w->products + place_of(t, l->outputs, length * length) + c;
    Vec lines[MOST_SIDE][LONGEST];
    for (int x = 0; x < length; x++) {
        Vec d[LONGEST];
        for (int y = 0; y < length; y++) d[y] = load(from + (length * y + x) * plane);
        from_points(d, &lines[0][x], LONGEST, side);
    }
    for (int a = 0; a < side; a++) from_points(lines[a], out[a], 1, side);
}

/* Fetch what the next channels of a block will write, and their gate. */
INLINE void fetch_ahead(const Layer *l, const Work *w, int t, int c, int side, int forward) {
    long gates = forward ? 0 : (long)l->owner[w->sample] * l->height;
    int left = side * w->column[t];
    if (left + side > l->width) return;
    for (int a = 0; a < side && side * w->row[t] + a < l->height; a++) {
        long y = side * w->row[t] + a;
        long place = ((w->sample * l->height + y) * l->width + left) * l->outputs + c + AHEAD;
        long gate = ((gates + y) * l->width + left) * l->outputs + c + AHEAD;
        for (int b = 0; b < side; b++, place += l->outputs, gate += l->outputs) {
            __builtin_prefetch(l->output + place, 1);
            if (!forward) __builtin_prefetch(l->gate + gate);
        }
    }
}

/* Bias and ReLU, or gate, and out. */
INLINE void finish_block(const Layer *l, Work *w, int t, int c, int side, int forward) {
    const Vec zero = {0};
    long origin = w->sample * l->height, gates = l->gate ? (long)l->owner[w->sample] * l->height : 0;
    Vec out[MOST_SIDE][MOST_SIDE], total = zero, passed = zero, bias = forward ? load(l->bias + c) : zero;
    fetch_ahead(l, w, t, c, side, forward);
    from_block(l, w, t, c, side, out);
    for (int a = 0; a < side; a++) {
        int y = side * w->row[t] + a;
        for (int b = 0; b < side; b++) {
            int x = side * w->column[t] + b;
            Vec v = out[a][b];
            if (forward) out[a][b] = v = larger(v + bias, zero);
            if (y >= l->height || x >= l->width) continue;
            long place = x * (long)l->outputs + c;
            if (!forward) {
                total += v;
                v = keep(v, load(l->gate + (gates + y) * l->width * l->outputs + place) > zero);
                passed += v;
            }
            store(l->output + (origin + y) * l->width * l->outputs + place, v);
        }
    }
    if (forward && l->pooled) pool_block(l, w, t, c, side, out);
    if (forward) return;
    store(w->totals + c, load(w->totals + c) + total);
    store(w->passed + c, load(w->passed + c) + passed);
}

INLINE void flush(const Layer *l, Work *w, int side, int forward) {
    multiply(l, w, (side + 2) * (side + 2));
    for (int t = 0; t < w->count; t++)
        for (int c = 0; c < l->outputs; c += LANES) finish_block(l, w, t, c, side, forward);
    w->count = 0;
    if (forward) return;
    for (int c = 0; c < l->outputs; c++) {
        l->sums[w->sample * l->outputs + c] += w->totals[c];
        l->gated[w->sample * l->outputs + c] += w->passed[c];
    }
    memset(w->totals, 0, sizeof(float) * l->outputs);
    memset(w->passed, 0, sizeof(float) * l->outputs);
}

enum { BACK, FORWARD, UNPOOLED };

INLINE void convolve(const Layer *l, Work *w, long first, long last, int side, int kind) {
    const int forward = kind == FORWARD;
    int rows = (l->height + side - 1) / side, columns = (l->width + side - 1) / side;
    for (long unit = first; unit < last; unit++) {
        w->sample = unit / rows;
        for (int column = 0; column < columns; column++) {
            if (kind == UNPOOLED)
                add_unpooled(l, w, (int)(unit % rows), column, side);
            else
                add_block(l, w, (int)(unit % rows), column, side);
            w->row[w->count] = (int)(unit % rows);
            w->column[w->count++] = column;
            if (w->count == TILES) flush(l, w, side, forward);
        }
        if (w->count && (unit + 1 == last || (unit + 1) / rows != w->sample))
            flush(l, w, side, forward);
    }
}

static void forward_4(const Layer *l, Work *w, long a, long b) { convolve(l, w, a, b, 4, FORWARD); }
static void back_4(const Layer *l, Work *w, long a, long b) { convolve(l, w, a, b, 4, BACK); }
static void back_6(const Layer *l, Work *w, long a, long b) { convolve(l, w, a, b, 6, BACK); }
static void unpooled_4(const Layer *l, Work *w, long a, long b) { convolve(l, w, a, b, 4, UNPOOLED); }
static void unpooled_6(const Layer *l, Work *w, long a, long b) { convolve(l, w, a, b, 6, UNPOOLED); }

static void convolve_any(const Layer *l, Work *w, long first, long last) {
    if (l->bias)
        forward_4(l, w, first, last);
    else if (l->chosen)
        l->side == 4 ? unpooled_4(l, w, first, last) : unpooled_6(l, w, first, last);
    else
        l->side == 4 ? back_4(l, w, first, last) : back_6(l, w, first, last);
}

/* Rows ``first`` to ``last`` of blocks, counted over all samples: forward with a bias (and side 4),
   backward with gate and sums. Returns 0, or 1 without memory. */
int micranet_convolve(const Layer *l, long first, long last) {
    Work w = {0};
    int points = (l->side + 2) * (l->side + 2);
    w.patches = calloc(points * plane_of(l->inputs) * (TILES / ROWS), sizeof(float));
    w.products = malloc(sizeof(float) * points * plane_of(l->outputs) * (TILES / ROWS));
    w.rim = malloc(sizeof(float) * points * l->inputs);
    w.totals = calloc(l->outputs, sizeof(float));
    w.passed = calloc(l->outputs, sizeof(float));
    int failed = !w.patches || !w.products || !w.rim || !w.totals || !w.passed;
    if (!failed) convolve_any(l, &w, first, last);
    free(w.patches), free(w.products), free(w.rim), free(w.totals), free(w.passed);
    return failed;
}
