/* Steps back through maxima: the global one after the last layer, and 2x2 pooling. */

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
    for (int c = 0; c < l->outputs; c += LANES) {
        Vec total = zero;
        for (long at = c; at < pixels * l->outputs; at += l->outputs) {
            Vec v = load(out + at);
            total += v;
            store(out + at, keep(v, load(gate + at) > zero));
        }
        for (int lane = 0; lane < LANES; lane++) l->sums[sample * l->outputs + c + lane] = total[lane];
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
