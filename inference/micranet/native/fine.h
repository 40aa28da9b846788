/* The fine map of a window and a structure, from local maps at their own resolutions (fine.py says why
   that is the same). All work on one map stays in one thread's cache. */

enum { MOST = 8, SWEEPS = 16, STRETCH = 4096 };

typedef struct {
    const float *maps[MOST];                /* (units, height, width) each, finest first */
    const float *coarse;                    /* (units, coarse_height, coarse_width) */
    float *fine;                            /* (units, heights[0], widths[0]), in 0..1 */
    int32_t heights[MOST], widths[MOST];    /* each a power of 2 times those of the coarse map */
    int32_t layers, coarse_height, coarse_width;
    int32_t pca;                            /* or the sum */
    float tiny;                             /* a span below this share of a map counts as none */
} Fine;

typedef struct {
    double mean[MOST], scale[MOST], weight[MOST];
    double covariance[MOST][MOST], agreement[MOST];
    float *now, *next; /* planes of all layers so far, scaled, at one resolution */
} Combined;

INLINE int usable(float span, float high, float tiny) {
    float size = high < 0 ? -high : high;
    return span - span == 0 && span > tiny * (size > tiny ? size : tiny);
}

/* Sum of products in float by stretches, which add up in double. */
static double product(const float *a, const float *b, long count) {
    double total = 0;
    for (long start = 0; start < count; start += STRETCH) {
        long end = start + STRETCH < count ? start + STRETCH : count, at = start;
        Vec one = {0}, two = {0};
        for (; at + 2 * LANES <= end; at += 2 * LANES) {
            one += load(a + at) * load(b + at);
            two += load(a + at + LANES) * load(b + at + LANES);
        }
        total += total_of(one + two);
        for (; at < end; at++) total += (double)a[at] * b[at];
    }
    return total;
}

/* Mean, and 1 / (largest - smallest), of a map. */
static void measure(const float *map, long count, float tiny, double *mean, double *scale) {
    Vec low = fill(map[0]), high = low, first = low, sum = {0};
    double total = 0;
    long at = 0;
    while (at + LANES <= count) {
        long end = at + STRETCH < count ? at + STRETCH : count;
        for (sum = fill(0); at + LANES <= end; at += LANES) {
            Vec v = load(map + at);
            low = choose(v < low, v, low);
            high = larger(v, high);
            sum += v - first; /* so that a large mean costs no digits */
        }
        total += total_of(sum);
    }
    float least = map[0], most = map[0];
    for (; at < count; at++) {
        total += map[at] - map[0];
        least = map[at] < least ? map[at] : least;
        most = map[at] > most ? map[at] : most;
    }
    for (int lane = 0; lane < LANES; lane++) {
        least = low[lane] < least ? low[lane] : least;
        most = high[lane] > most ? high[lane] : most;
    }
    *mean = map[0] + total / count;
    *scale = usable(most - least, most, tiny) ? 1 / (double)(most - least) : 0;
}

/* Means of 2x2 pixels. */
static void shrink(const float *restrict from, float *restrict to, int height, int width) {
    for (int y = 0; y < height / 2; y++, from += 2 * (long)width, to += width / 2)
        for (int x = 0; x < width / 2; x++)
            to[x] = 0.25f * (from[2 * x] + from[width + 2 * x] + from[2 * x + 1] + from[width + 2 * x + 1]);
}

/* Bring the planes of ``count`` layers from a size down to a width. */
static void shrink_all(Combined *c, int count, int height, int width, int wanted) {
    for (; width > wanted; height /= 2, width /= 2) {
        long area = (long)height * width;
        for (int i = 0; i < count; i++)
            shrink(c->now + i * area, c->next + i * (area / 4), height, width);
        float *swap = c->now;
        c->now = c->next, c->next = swap;
    }
}

/* Covariances of all layers as if enlarged, and their agreement with the coarse map. */
static void covariances(const Fine *f, Combined *c, long unit) {
    for (int j = 0; j < f->layers; j++) {
        long area = (long)f->heights[j] * f->widths[j];
        if (j) shrink_all(c, j, f->heights[j - 1], f->widths[j - 1], f->widths[j]);
        const float *map = f->maps[j] + unit * area;
        float *plane = c->now + j * area, mean = (float)c->mean[j], scale = (float)c->scale[j];
        for (long at = 0; at < area; at++) plane[at] = (map[at] - mean) * scale;
        for (int i = 0; i <= j; i++)
            c->covariance[i][j] = c->covariance[j][i] = product(c->now + i * area, plane, area) / area;
    }
    int last = f->layers - 1;
    shrink_all(c, f->layers, f->heights[last], f->widths[last], f->coarse_width);
    long cells = (long)f->coarse_height * f->coarse_width;
    for (int j = 0; j < f->layers; j++)
        c->agreement[j] = product(c->now + j * cells, f->coarse + unit * cells, cells);
}

/* Turn rows and columns p and q so that their covariance vanishes (Jacobi). */
static void turn(double a[MOST][MOST], double v[MOST][MOST], int n, int p, int q) {
    double gap = (a[q][q] - a[p][p]) / (2 * a[p][q]), size = gap < 0 ? -gap : gap;
    double t = (gap < 0 ? -1 : 1) / (size + __builtin_sqrt(gap * gap + 1));
    double cosine = 1 / __builtin_sqrt(t * t + 1), sine = t * cosine;
    for (int k = 0; k < n; k++) {
        double x = a[k][p], y = a[k][q];
        a[k][p] = cosine * x - sine * y, a[k][q] = sine * x + cosine * y;
        x = v[k][p], y = v[k][q];
        v[k][p] = cosine * x - sine * y, v[k][q] = sine * x + cosine * y;
    }
    for (int k = 0; k < n; k++) {
        double x = a[p][k], y = a[q][k];
        a[p][k] = cosine * x - sine * y, a[q][k] = sine * x + cosine * y;
    }
}

/* The eigenvector of the largest eigenvalue, its sign such that it agrees with the coarse map. */
static void component(Combined *c, int n) {
    double v[MOST][MOST] = {{0}}, agreement = 0;
    for (int i = 0; i < n; i++) v[i][i] = 1;
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int p = 0; p < n; p++)
            for (int q = p + 1; q < n; q++)
                if (c->covariance[p][q] != 0) turn(c->covariance, v, n, p, q);
    int best = 0;
    for (int i = 1; i < n; i++)
        if (c->covariance[i][i] > c->covariance[best][best]) best = i;
    for (int i = 0; i < n; i++) agreement += (c->weight[i] = v[i][best]) * c->agreement[i];
    for (int i = 0; i < n && agreement < 0; i++) c->weight[i] = -c->weight[i];
}

/* A line of a map that is ``times`` as small, each pixel repeated. */
static void repeat(const float *from, float *to, int width, int times) {
    for (int x = 0; x < width / times; x++)
        for (int j = 0; j < times; j++) to[x * times + j] = from[x];
}

/* Weighted sum of all layers, from the coarsest to the finest. */
static void project_all(const Fine *f, Combined *c, long unit) {
    int height = 0, width = 0;
    for (int j = f->layers - 1; j >= 0; j--) {
        int same = f->widths[j] == width;
        float *to = f->widths[j] == f->widths[0] ? f->fine + unit * (long)f->heights[0] * f->widths[0] : c->next;
        float slope = (float)(c->scale[j] * c->weight[j]), mean = (float)c->mean[j];
        const float *map = f->maps[j] + unit * (long)f->heights[j] * f->widths[j];
        for (int y = 0; y < f->heights[j]; y++) {
            long start = (long)y * f->widths[j];
            if (!width) memset(to + start, 0, sizeof(float) * f->widths[j]);
            if (width && !same)
                repeat(c->now + y / (f->heights[j] / height) * (long)width, to + start, f->widths[j],
                       f->widths[j] / width);
            for (int x = 0; x < f->widths[j]; x++) to[start + x] += slope * (map[start + x] - mean);
        }
        height = f->heights[j], width = f->widths[j];
        if (j && f->widths[j - 1] != width) c->next = c->now, c->now = to;
    }
}

/* To 0..1 over the blocks where the coarse map is above 0; 0 all over where there is none. */
static void stretch(const Fine *f, long unit) {
    int width = f->widths[0], times = width / f->coarse_width;
    float *fine = f->fine + unit * (long)f->heights[0] * width, low = 0, high = 0;
    const float *coarse = f->coarse + unit * (long)f->coarse_height * f->coarse_width;
    int none = 1;
    for (int y = 0; y < f->heights[0]; y++)
        for (int cell = 0; cell < f->coarse_width; cell++) {
            if (!(coarse[y / times * (long)f->coarse_width + cell] > 0)) continue;
            const float *at = fine + y * (long)width + cell * times;
            if (none) low = high = *at, none = 0;
            for (int x = 0; x < times; x++) {
                low = at[x] < low ? at[x] : low;
                high = at[x] > high ? at[x] : high;
            }
        }
    int any = !none && usable(high - low, high, f->tiny);
    float slope = any ? 1 / (high - low) : 0;
    for (long at = 0; at < (long)f->heights[0] * width; at++) {
        float v = any ? (fine[at] - low) * slope : 0;
        v = v < 0 ? 0 : v;
        fine[at] = v > 1 ? 1 : v;
    }
}

/* Units are windows times structures. Returns 0, or 1 without memory. */
int micranet_fine(const Fine *f, long first, long last) {
    long most = 0;
    for (int j = 0; j < f->layers; j++) {
        long size = (j + 1) * (long)f->heights[j] * f->widths[j];
        most = size > most ? size : most;
    }
    float *work = malloc(2 * sizeof(float) * most);
    for (long unit = first; work && unit < last; unit++) {
        Combined c = {.now = work, .next = work + most};
        for (int j = 0; j < f->layers; j++) {
            long area = (long)f->heights[j] * f->widths[j];
            measure(f->maps[j] + unit * area, area, f->tiny, &c.mean[j], &c.scale[j]);
            c.weight[j] = 1;
        }
        if (f->pca) covariances(f, &c, unit), component(&c, f->layers);
        project_all(f, &c, unit);
        stretch(f, unit);
    }
    free(work);
    return !work;
}
