/* 3x3 convolutions, forward and backward, by Winograd's F(4x4, 3x3) and F(6x6, 3x3).

   A block of 4x4 outputs needs 36 multiply-adds per pair of channels instead of 144, one of 6x6 needs
   64 instead of 324. kernel: transformed, (points, outputs / 16, inputs, 16). */

/* ROWS blocks times some panels side by side. ``next``: the factors that are wanted after these; they
   come from afar, so they are sent for. */
INLINE void multiply_block(const float *a, int inner, const float *b, const float *next, float *c, int ldc,
                           int panels) {
    const int vectors = panels * VECTORS;
    Vec sum[ROWS][BESIDE * VECTORS] = {{{0}}};
    for (int k = 0; k < inner; k++) {
        Vec factors[BESIDE * VECTORS];
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            long at = (j / VECTORS * (long)inner + k) * PANEL + j % VECTORS * LANES;
            if (j % VECTORS == 0) __builtin_prefetch(next + at, 0, 2);
            factors[j] = load(b + at);
        }
#pragma GCC unroll 16
        for (int i = 0; i < ROWS; i++) {
            Vec v = fill(a[(long)i * inner + k]);
#pragma GCC unroll 2
            for (int j = 0; j < vectors; j++) sum[i][j] += v * factors[j];
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) store(c + (long)i * ldc + j * LANES, sum[i][j]);
}

/* All blocks that wait, at one point, times panels from ``output`` on. */
INLINE void multiply_all(const Layer *l, Work *w, int points, int point, int output, int panels) {
    long inputs = l->inputs, outputs = l->outputs;
    const float *b = l->kernel + (point * outputs + output) * inputs, *after = b + panels * PANEL * inputs;
    float *a = w->patches + point * plane_of(l->inputs), *c = w->products + point * plane_of(l->outputs) + output;
    for (int t = 0; t < w->count; t += ROWS)
        multiply_block(a + place_of(t, l->inputs, points), l->inputs, b, t + ROWS < w->count ? b : after,
                       c + place_of(t, l->outputs, points), l->outputs, panels);
}

static void multiply(const Layer *l, Work *w, int points) {
    for (int point = 0; point < points; point++) {
        int output = 0;
        for (; output + BESIDE * PANEL <= l->outputs; output += BESIDE * PANEL)
            multiply_all(l, w, points, point, output, BESIDE);
        for (; output < l->outputs; output += PANEL) multiply_all(l, w, points, point, output, 1);
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

/* The columns of a block and 8 channels, back from the points. */
INLINE void from_columns(const Layer *l, const Work *w, int t, int c, int side, Vec lines[][LONGEST]) {
    const int length = side + 2;
    long plane = plane_of(l->outputs);
    const float *from = w->products + place_of(t, l->outputs, length * length) + c;
    for (int x = 0; x < length; x++) {
        Vec d[LONGEST], column[MOST_SIDE];
#pragma GCC unroll 8
        for (int y = 0; y < length; y++) d[y] = load(from + (length * y + x) * plane);
        from_points(d, column, side);
#pragma GCC unroll 6
        for (int a = 0; a < side; a++) lines[a][x] = column[a];
    }
}

/* Fetch what the next channels of a block will write, and their gate. */
INLINE void fetch_ahead(const Layer *l, const Work *w, int t, int c, int side, int forward) {
    long gates = forward ? 0 : (long)l->owner[w->sample] * l->height;
    int left = side * w->column[t];
    if (left + side > l->width || c % AHEAD) return;
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
    long origin = w->sample * l->height, gates = forward ? 0 : (long)l->owner[w->sample] * l->height;
    int left = side * w->column[t], columns = l->width - left < side ? l->width - left : side;
    Vec lines[MOST_SIDE][LONGEST], out[MOST_SIDE][MOST_SIDE];
    Vec total = zero, passed = zero, bias = forward ? load(l->bias + c) : zero;
    fetch_ahead(l, w, t, c, side, forward);
    from_columns(l, w, t, c, side, lines);
    for (int a = 0, y = side * w->row[t]; a < side && y < l->height; a++, y++) {
        Vec *row = out[a];
        float *to = l->output + ((origin + y) * l->width + left) * l->outputs + c;
        const float *gate = forward ? NULL : l->gate + ((gates + y) * l->width + left) * l->outputs + c;
        from_points(lines[a], row, side);
#pragma GCC unroll 6
        for (int b = 0; b < side; b++) {
            if (forward) row[b] = larger(row[b] + bias, zero);
            if (b >= columns) continue;
            if (!forward) {
                total += row[b];
                row[b] = keep(row[b], load(gate + b * (long)l->outputs) > zero);
                passed += row[b];
            }
            store(to + b * (long)l->outputs, row[b]);
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
        if (w->band) fill_band(l, w, unit);
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

/* Floats of room that a layer's work needs. */
long micranet_room(const Layer *l) {
    long points = (l->side + 2) * (l->side + 2), groups = TILES / ROWS;
    long blocks = points * groups * (plane_of(l->inputs) + plane_of(l->outputs));
    return blocks + points * l->inputs + 2L * l->outputs + (l->before ? 6 * band_row(l) : 0);
}

static Work divided(const Layer *l, float *room) {
    long points = (l->side + 2) * (l->side + 2), groups = TILES / ROWS;
    Work w = {.patches = room, .banded = -1};
    w.products = w.patches + points * groups * plane_of(l->inputs);
    w.totals = w.products + points * groups * plane_of(l->outputs);
    w.passed = w.totals + l->outputs;
    w.rim = w.passed + l->outputs;
    memset(w.totals, 0, 2 * sizeof(float) * l->outputs);
    if (l->before) w.band = memset(w.rim + points * l->inputs, 0, 6 * sizeof(float) * band_row(l));
    return w;
}

/* Rows ``first`` to ``last`` of blocks, counted over all samples: forward with a bias (and side 4),
   backward with gate and sums. room: micranet_room floats for this call alone. */
int micranet_convolve(const Layer *l, float *room, long first, long last) {
    Work w = divided(l, room);
    convolve_any(l, &w, first, last);
    return 0;
}
