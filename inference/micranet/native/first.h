/* The first layer, whose inputs are few: plain convolution, bias, ReLU. */

enum { SPAN = 4 };

/* ``count`` pixels of a line and 16 channels, all nine taps within the image. */
INLINE void first_span(const Layer *l, const float *from, float *out, int c, int count, int inputs) {
    const Vec zero = {0};
    long down = (long)l->width * inputs;
    Vec sum[SPAN][VECTORS];
    for (int p = 0; p < count; p++)
        for (int j = 0; j < VECTORS; j++) sum[p][j] = load(l->bias + c + j * LANES);
#pragma GCC unroll 9
    for (int tap = 0; tap < 9; tap++)
        for (int i = 0; i < inputs; i++) {
            const float *k = l->kernel + ((long)tap * inputs + i) * l->outputs + c;
            const float *x = from + (tap / 3 - 1) * down + (long)(tap % 3 - 1) * inputs + i;
            Vec factors[VECTORS];
            for (int j = 0; j < VECTORS; j++) factors[j] = load(k + j * LANES);
            for (int p = 0; p < count; p++) {
                Vec v = fill(x[(long)p * inputs]);
                for (int j = 0; j < VECTORS; j++) sum[p][j] += v * factors[j];
            }
        }
    for (int p = 0; p < count; p++)
        for (int j = 0; j < VECTORS; j++)
            store(out + (long)p * l->outputs + c + j * LANES, larger(sum[p][j], zero));
}

/* A pixel at the image's rim and 16 channels: only the taps within reach. */
static void first_at_rim(const Layer *l, long unit, int x, int c, float *out) {
    const Vec zero = {0};
    int y = (int)(unit % l->height);
    Vec sum[VECTORS];
    for (int j = 0; j < VECTORS; j++) sum[j] = load(l->bias + c + j * LANES);
    for (int tap = 0; tap < 9; tap++) {
        int dy = tap / 3 - 1, dx = tap % 3 - 1;
        if (y + dy < 0 || y + dy >= l->height || x + dx < 0 || x + dx >= l->width) continue;
        const float *from = l->input + ((unit + dy) * l->width + x + dx) * l->inputs;
        const float *k = l->kernel + (long)tap * l->inputs * l->outputs + c;
        for (int i = 0; i < l->inputs; i++, k += l->outputs)
            for (int j = 0; j < VECTORS; j++) sum[j] += from[i] * load(k + j * LANES);
    }
    for (int j = 0; j < VECTORS; j++) store(out + c + j * LANES, larger(sum[j], zero));
}

/* A row of all samples' rows: out (width, outputs). */
static void first_row(const Layer *l, long unit, float *out) {
    int y = (int)(unit % l->height), rim = y == 0 || y + 1 == l->height;
    for (int x = 0; x < l->width;) {
        int inner = !rim && x > 0 && x + SPAN < l->width;
        for (int c = 0; c < l->outputs; c += PANEL)
            if (inner && l->inputs == 1)
                first_span(l, l->input + unit * l->width + x, out, c, SPAN, 1);
            else if (inner)
                first_span(l, l->input + (unit * l->width + x) * l->inputs, out, c, SPAN, l->inputs);
            else
                first_at_rim(l, unit, x, c, out);
        x += inner ? SPAN : 1;
        out += (inner ? SPAN : 1) * (long)l->outputs;
    }
}

/* kernel (9, inputs, outputs). Units are rows. */
int micranet_first(const Layer *l, long first, long last) {
    for (long unit = first; unit < last; unit++)
        first_row(l, unit, l->output + unit * l->width * l->outputs);
    return 0;
}
