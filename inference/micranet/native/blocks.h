/* Blocks of pixels and their way to the points of Winograd's transform. */

/* So many blocks times so many panels side by side have their sums in registers. */
enum { ROWS = LANES == 16 ? 9 : 6, BESIDE = 2 / VECTORS };
enum { TILES = 18, PAD = 16, AHEAD = 16 };

/* Blocks wait in groups of ROWS: (group, point, row, channel), a little padded, so that the points of
   one block lie on few pages and spread over the cache. */
INLINE long plane_of(int channels) { return (long)ROWS * channels + PAD; }
INLINE long place_of(int block, int channels, int points) {
    return block / ROWS * points * plane_of(channels) + block % ROWS * (long)channels;
}

typedef struct {
    float *patches, *products, *rim, *totals, *passed, *band;
    int row[TILES], column[TILES], count;
    long sample, banded;
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

/* From lines at their points, 8 channels from c on, to the points of a block, put with its group. */
INLINE void to_patch(const Layer *l, Work *w, int c, int side, const Vec *d) {
    const int length = side + 2;
    long plane = plane_of(l->inputs);
    float *patch = w->patches + place_of(w->count, l->inputs, length * length) + c;
    for (int x = 0; x < length; x++) {
        Vec line[LONGEST], points[LONGEST];
#pragma GCC unroll 8
        for (int y = 0; y < length; y++) line[y] = d[length * y + x];
        to_points(line, points, side);
#pragma GCC unroll 8
        for (int y = 0; y < length; y++) {
            float *to = patch + (length * y + x) * plane;
            store(to, points[y]);
            if (c % AHEAD == 0) __builtin_prefetch(to + AHEAD, 1);
        }
    }
}

/* Floats in a row of the band: all blocks, and a pixel on either side. */
INLINE long band_row(const Layer *l) { return ((l->width + 3) / 4 * 4 + 2) * (long)l->inputs; }

/* The six rows of the layer before that a row of blocks needs (unit, counted over all samples), zeros
   outside the image. They never leave the cache. Two are still there from the row of blocks above. */
static void fill_band(const Layer *l, Work *w, long unit) {
    int row = (int)(unit % ((l->height + 3) / 4)), kept = row && w->banded == unit - 1 ? 2 : 0;
    long length = band_row(l);
    memcpy(w->band, w->band + 4 * length, sizeof(float) * kept * length);
    for (int a = kept; a < 6; a++) {
        int y = 4 * row - 1 + a;
        if (y < 0 || y >= l->height)
            memset(w->band + a * length, 0, sizeof(float) * length);
        else
            first_row(l->before, w->sample * l->height + y, w->band + a * length + l->inputs);
    }
    w->banded = unit;
}

INLINE void add_block(const Layer *l, Work *w, int row, int column, int side) {
    const int length = side + 2;
    int top = side * row - 1, left = side * column - 1;
    int inside = top >= 0 && left >= 0 && top + length <= l->height && left + length <= l->width;
    if (!inside && !w->band) copy_rim(l, w, top, left, length);
    const float *from = w->rim;
    long right = l->inputs, down = (long)(inside ? l->width : length) * right;
    if (w->band)
        from = w->band + side * column * right, down = band_row(l), inside = 0;
    else if (inside)
        from = l->input + ((w->sample * l->height + top) * l->width + left) * right;
    for (int c = 0; c < l->inputs; c += LANES) {
        Vec d[LONGEST * LONGEST];
        for (int y = 0; y < length; y++) {
            if (side == 4 && inside && c % AHEAD == 0)
                for (int x = 2; x < length; x++) __builtin_prefetch(from + y * down + (x + side) * right + c);
            Vec line[LONGEST];
#pragma GCC unroll 8
            for (int x = 0; x < length; x++) line[x] = load(from + y * down + x * right + c);
            to_points(line, d + length * y, side);
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
        for (int a = 0; a < half; a++) {
            Vec lines[2][LONGEST];
#pragma GCC unroll 5
            for (int b = 0; b < half; b++) {
                int y = top + a, x = left + b, inside = y >= 0 && x >= 0 && y < height && x < width;
                Vec v = {0};
                Bits at = {0};
                if (inside) {
                    v = load(l->input + ((own + y) * width + x) * l->inputs + c);
                    at = load_bytes(l->chosen + ((gates + y) * width + x) * l->inputs + c);
                }
                for (int k = 0; k < 4; k++) {
                    int place = 2 * b - 1 + k % 2;
                    if (place >= 0 && place < length) lines[k / 2][place] = keep(v, at == k);
                }
            }
            if (a) to_points(lines[0], d + length * (2 * a - 1), side);
            if (2 * a < length) to_points(lines[1], d + length * 2 * a, side);
        }
        to_patch(l, w, c, side, d);
    }
}

