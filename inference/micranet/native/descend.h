/* All steps back of one sample after another. What lies between two steps stays in the cache, and only
   sums and rims leave it. */

/* A step as if its sample were the only one, between two arrays of the thread's own. */
static Layer of_sample(const Layer *step, long sample, const float *input, float *output) {
    Layer l = *step;
    l.input = input, l.output = output;
    l.owner += sample, l.sums += sample * l.outputs, l.gated += sample * l.outputs;
    return l;
}

/* steps: as for micranet_convolve backward, the first with an input of all samples, no other with input
   or output, ``count`` of them. rims: as for micranet_rims, without input; or null. Units are samples.
   Returns 0, or 1 without memory. */
int micranet_descend(const Layer *steps, long count, const Layer *rims, long first, long last) {
    Work w = {0};
    long size = 0, start = (long)steps->height * steps->width * steps->inputs;
    for (const Layer *l = steps; l < steps + count; l++)
        size = larger_of(size, (long)l->height * l->width * l->outputs);
    float *work = malloc(2 * sizeof(float) * size);
    int failed = make_room(&w, steps, count) || !work;
    for (long sample = first; !failed && sample < last; sample++) {
        const float *from = steps->input + sample * start;
        for (long i = 0; i < count; i++) {
            Layer l = of_sample(steps + i, sample, from, work + i % 2 * size);
            convolve_any(&l, &w, 0, rows_of(&l));
            from = l.output;
        }
        if (!rims) continue;
        Layer l = *rims;
        l.input = from, l.owner += sample, l.output += sample * 9 * l.inputs;
        micranet_rims(&l, 0, 1);
    }
    leave_room(&w), free(work);
    return failed;
}
