/* Weighted sums of channels: input (samples, pixels, inputs) or the layer before, kernel (samples,
   outputs, inputs), output (samples, outputs, pixels); pixels = height x width. Units are rows.
   Returns 0, or 1 without memory. */
int micranet_project(const Layer *l, long first, long last) {
    long pixels = (long)l->height * l->width;
    float *row = l->before ? malloc(sizeof(float) * l->width * l->inputs) : NULL;
    if (l->before && !row) return 1;
    for (long unit = first; unit < last; unit++) {
        long sample = unit / l->height, start = unit % l->height * l->width;
        if (row) first_row(l->before, unit, row);
        for (int s = 0; s < l->outputs; s++) {
            const float *k = l->kernel + (sample * l->outputs + s) * l->inputs;
            const float *in = row ? row : l->input + unit * l->width * l->inputs;
            float *out = l->output + (sample * l->outputs + s) * pixels + start;
            for (int x = 0; x < l->width; x++, in += l->inputs) {
                Vec sum = {0};
                for (int c = 0; c < l->inputs; c += LANES) sum += load(k + c) * load(in + c);
                out[x] = total_of(sum);
            }
        }
    }
    free(row);
    return 0;
}
