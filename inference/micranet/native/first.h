/* The first layer, whose inputs are few: plain convolution, bias, ReLU. */

enum { SPAN = 4 };

/* ``count`` pixels of a line and 16 channels, all nine taps within the image. */
INLINE void first_span(const Layer *l, const float *from, float *out, int c, int count) {
    const Vec zero = {0};
    long down = (long)l->width * l->inputs;
    Vec sum[SPAN][2];
    for (int p = 0; p < count; p++) sum[p][0] = load(l->bias + c), sum[p][1] = load(l->bias + c + LANES);
    for (int tap = 0; tap < 9; tap++)
        for (int i = 0; i < l->inputs; i++) {
            const float *k = l->kernel + ((long)tap * l->inputs + i) * l->outputs + c;
            const float *x = from + (tap / 3 - 1) * down + (long)(tap % 3 - 1) * l->inputs + i;
            Vec k0 = load(k), k1 = load(k + LANES);
            for (int p = 0; p < count; p++) {
                Vec v = fill(x[(long)p * l->inputs]);
                sum[p][0] += v * k0;
                sum[p][1] += v * k1;
            }
        }
    for (int p = 0; p < count; p++) {
        store(out + (long)p * l->outputs + c, larger(sum[p][0], zero));
        store(out + (long)p * l->outputs + c + LANES, larger(sum[p][1], zero));
    }
}

/* A pixel at the image's rim and 16 channels: only the taps within reach. */
static void first_at_rim(const Layer *l, long unit, int x, int c) {
    const Vec zero = {0};
    int y = (int)(unit % l->height);
    Vec a = load(l->bias + c), b = load(l->bias + c + LANES);
    for (int tap = 0; tap < 9; tap++) {
        int dy = tap / 3 - 1, dx = tap % 3 - 1;
        if (y + dy < 0 || y + dy >= l->height || x + dx < 0 || x + dx >= l->width) continue;
        const float *from = l->input + ((unit + dy) * l->width + x + dx) * l->inputs;
        const float *k = l->kernel + (long)tap * l->inputs * l->outputs + c;
        for (int i = 0; i < l->inputs; i++, k += l->outputs) {
            a += from[i] * load(k);
            b += from[i] * load(k + LANES);
        }
    }
    float *out = l->output + (unit * l->width + x) * l->outputs + c;
    store(out, larger(a, zero));
    store(out + LANES, larger(b, zero));
}

/* kernel (9, inputs, outputs). Units are rows. */
int micranet_first(const Layer *l, long first, long last) {
    for (long unit = first; unit < last; unit++) {
        int y = (int)(unit % l->height), rim = y == 0 || y + 1 == l->height;
        for (int x = 0; x < l->width;) {
            int inner = !rim && x > 0 && x + SPAN < l->width;
            long pixel = unit * l->width + x;
            for (int c = 0; c < l->outputs; c += PANEL)
                if (inner)
                    first_span(l, l->input + pixel * l->inputs, l->output + pixel * l->outputs, c, SPAN);
                else
                    first_at_rim(l, unit, x, c);
            x += inner ? SPAN : 1;
        }
    }
    return 0;
}
