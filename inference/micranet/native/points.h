/* Winograd's transforms F(4, 3) and F(6, 3) of one line (Lavin and Gray, CVPR 2016): ``side + 2``
   pixels to as many points for the input, and ``side + 2`` points to ``side`` pixels for the output.
   ``side`` is always a constant, so that each use compiles to one of both, and lines stay in registers.

   The points are 0, pairs +p and -p, and infinity: 2/3 and 3/2 for F(4, 3), at a third of the rounding
   error of 1 and 2; 1/2, 1 and 2 for F(6, 3). winograd.py has the transform of the kernels. */

static const float PAIRS_4[] = {2 / 3.0f, 1.5f}, PAIRS_6[] = {0.5f, 1, 2};

enum { LONGEST = 8, MOST_SIDE = 6 };

/* For each pair the coefficients of the product of (t - q * q) over all other pairs q, and those of the
   product over all; the highest, 1, left out. */
static const float OTHERS_4[2][1] = {{-2.25f}, {-4 / 9.0f}}, ALL_4[] = {1, -97 / 36.0f};
static const float OTHERS_6[3][2] = {{4, -5}, {1, -4.25f}, {0.25f, -1.25f}}, ALL_6[] = {-1, 5.25f, -5.25f};

INLINE void to_points(const Vec *x, Vec *found, int side) {
    const int pairs = side / 2, last = side + 1;
    Vec first = x[last - 1], end = x[last];
#pragma GCC unroll 3
    for (int j = 0; j < pairs; j++) {
        float all = side == 4 ? ALL_4[j] : ALL_6[j];
        first += all * x[2 * j], end += all * x[2 * j + 1];
    }
    found[0] = first, found[last] = end;
#pragma GCC unroll 3
    for (int p = 0; p < pairs; p++) {
        Vec even = x[2 * pairs], odd = x[2 * pairs - 1];
#pragma GCC unroll 3
        for (int j = 0; j + 1 < pairs; j++) {
            float other = side == 4 ? OTHERS_4[p][j] : OTHERS_6[p][j];
            even += other * x[2 * j + 2], odd += other * x[2 * j + 1];
        }
        odd *= side == 4 ? PAIRS_4[p] : PAIRS_6[p];
        found[2 * p + 1] = even + odd;
        found[2 * p + 2] = even - odd;
    }
}

INLINE float power(float base, int exponent) {
    float found = 1;
#pragma GCC unroll 6
    for (int i = 0; i < exponent; i++) found *= base;
    return found;
}

INLINE void from_points(const Vec *d, Vec *out, int side) {
    const int pairs = side / 2;
    Vec even[MOST_SIDE / 2], odd[MOST_SIDE / 2];
#pragma GCC unroll 3
    for (int p = 0; p < pairs; p++) {
        even[p] = d[2 * p + 1] + d[2 * p + 2];
        odd[p] = d[2 * p + 1] - d[2 * p + 2];
    }
#pragma GCC unroll 6
    for (int i = 0; i < side; i++) {
        Vec sum = power(side == 4 ? PAIRS_4[0] : PAIRS_6[0], i) * (i % 2 ? odd[0] : even[0]);
#pragma GCC unroll 3
        for (int p = 1; p < pairs; p++)
            sum += power(side == 4 ? PAIRS_4[p] : PAIRS_6[p], i) * (i % 2 ? odd[p] : even[p]);
        if (i == 0) sum += d[0];
        if (i + 1 == side) sum += d[side + 1];
        out[i] = sum;
    }
}
