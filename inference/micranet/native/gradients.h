/* Steps back through maxima: the global one after the last layer, and the rims of 2x2 pooling. */

/* How often each channel of a sample reaches its maximum. */
static void count_maxima(const float *pixels, const float *top, long count, int channels, float *reached) {
    memset(reached, 0, sizeof(float) * channels);
    for (long p = 0; p < count; p++, pixels += channels)
        for (int c = 0; c < channels; c += LANES) {
            Bits at = load(pixels + c) == load(top + c);
            store(reached + c, load(reached + c) + keep(fill(1.0f), at));
        }
}

/* One value at pixel (y, x) and ``channel`` of the last layer, back through its 3x3 convolution. */
static void scatter_one(const Layer *l, float *out, int y, int x, int channel, float value) {
    for (int tap = 0; tap < 9; tap++) {
        int row = y + tap / 3 - 1, column = x + tap % 3 - 1;
        if (row < 0 || column < 0 || row >= l->height || column >= l->width) continue;
        const float *k = l->kernel + ((long)channel * 9 + tap) * l->outputs;
        float *to = out + ((long)row * l->width + column) * l->outputs;
        for (int c = 0; c < l->outputs; c += LANES) store(to + c, load(to + c) + value * load(k + c));
    }
}

static void scatter_all(const Layer *l, const float *pixels, const float *top, const float *share,
                        float *out) {
    const Vec zero = {0};
    for (long p = 0; p < (long)l->height * l->width; p++, pixels += l->inputs)
        for (int c = 0; c < l->inputs; c += LANES) {
            Vec high = load(top + c);
            Bits at = (load(pixels + c) == high) & (high > zero);
            for (int lane = 0; any(at) && lane < LANES; lane++)
                if (at[lane])
                    scatter_one(l, out, (int)(p / l->width), (int)(p % l->width), c + lane, share[c + lane]);
        }
}

/* Sums of all, then 0 where the gate is not above 0. */
static void gate_all(const Layer *l, long sample, float *out) {
    const Vec zero = {0};
    long pixels = (long)l->height * l->width;
    const float *gate = l->gate + l->owner[sample] * pixels * l->outputs;
    double *sums = l->sums + sample * l->outputs;
    for (int c = 0; c < l->outputs; c += PANEL) {
        Vec sum[VECTORS] = {{0}};
        for (long at = c; at < pixels * l->outputs; at += l->outputs)
            for (int j = 0; j < VECTORS; j++) {
                Vec v = load(out + at + j * LANES);
                sum[j] += v;
                store(out + at + j * LANES, keep(v, load(gate + at + j * LANES) > zero));
            }
        for (int k = 0; k < PANEL; k++) sums[c + k] = sum[k / LANES][k % LANES];
    }
}

/* From a weight per channel at the last layer's maxima, in equal shares where a maximum is reached
   more than once, to that layer's input. input: the last layer (gates, height, width, inputs); top
   (gates, inputs): its maxima, where 0 the ReLU stops the gradient; weight (samples, inputs); kernel
   (inputs, 9, outputs). Units are samples. */
int micranet_scatter(const Layer *l, const float *top, const float *weight, long first, long last) {
    long pixels = (long)l->height * l->width;
    float *share = malloc(2 * sizeof(float) * l->inputs);
    if (!share) return 1;
    for (long sample = first; sample < last; sample++) {
        long owner = l->owner[sample];
        const float *own = l->input + owner * pixels * l->inputs, *high = top + owner * l->inputs;
        float *out = l->output + sample * pixels * l->outputs;
        count_maxima(own, high, pixels, l->inputs, share + l->inputs);
        for (int c = 0; c < l->inputs; c++)
            share[c] = weight[sample * l->inputs + c] / share[l->inputs + c];
        memset(out, 0, sizeof(float) * pixels * l->outputs);
        scatter_all(l, own, high, share, out);
        gate_all(l, sample, out);
    }
    free(share);
    return 0;
}

/* Add the one of four pixels that has the gradient to the taps that push it out. */
static void lose_four(const Layer *l, float *lost, const float *from, const uint8_t *at, int y, int x) {
    int bottom = y + 1 == l->height / 2, right = x + 1 == l->width / 2, n = l->inputs;
    for (int c = 0; c < n; c += LANES) {
        Vec v = load(from + c);
        Bits which = load_bytes(at + c), low = -(which > 1), odd = which & 1;
        Bits up = y ? fill_bits(0) : low == 0, down = bottom ? low == 1 : fill_bits(0);
        Bits before = x ? fill_bits(0) : odd == 0, after = right ? odd == 1 : fill_bits(0);
        for (int tap = 0; tap < 9; tap++) {
            Bits out = tap / 3 == 0 ? up : tap / 3 == 2 ? down : fill_bits(0);
            out |= tap % 3 == 0 ? before : tap % 3 == 2 ? after : fill_bits(0);
            store(lost + tap * n + c, load(lost + tap * n + c) + keep(v, out));
        }
    }
}

/* What each tap of a 3x3 convolution cannot move within the image: sums of the rim's pixels that it
   would push out, of a gradient at 2x2 maxima (input, chosen: as in convolve.h). output (samples, 9,
   inputs). Units are samples. */
int micranet_rims(const Layer *l, long first, long last) {
    int rows = l->height / 2, columns = l->width / 2, n = l->inputs;
    for (long sample = first; sample < last; sample++) {
        float *lost = l->output + sample * 9 * n;
        memset(lost, 0, 9 * sizeof(float) * n);
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < columns; x += y && y + 1 < rows && columns > 1 ? columns - 1 : 1) {
                const float *from = l->input + ((sample * rows + y) * columns + x) * n;
                const uint8_t *at = l->chosen + ((l->owner[sample] * (long)rows + y) * columns + x) * n;
                lose_four(l, lost, from, at, y, x);
            }
    }
    return 0;
}
