/* Winograd's transforms F(4, 3) and F(6, 3) of one line (Lavin and Gray, CVPR 2016), in place for the
   input and from ``side + 2`` points to ``side`` pixels for the output. ``side`` is always a constant,
   so that each use compiles to one of both. */

/* At 0, 2/3, -2/3, 3/2, -3/2, infinity: a third of the rounding error of 1, -1, 2, -2. */
INLINE void to_six(Vec *d, int stride) {
    const float both = 97 / 36.0f, third = 2 / 3.0f;
    Vec d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride], d4 = d[4 * stride];
    Vec even = d4 - 2.25f * d2, odd = third * d3 - 1.5f * d1;
    Vec outer = d4 - (4 / 9.0f) * d2, slope = 1.5f * d3 - third * d1;
    d[0] = d[0] - both * d2 + d4;
    d[5 * stride] = d1 - both * d3 + d[5 * stride];
    d[stride] = even + odd;
    d[2 * stride] = even - odd;
    d[3 * stride] = outer + slope;
    d[4 * stride] = outer - slope;
}

/* At 0, 1, -1, 2, -2, 1/2, -1/2, infinity. */
INLINE void to_eight(Vec *d, int stride) {
    Vec d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride];
    Vec d4 = d[4 * stride], d5 = d[5 * stride], d6 = d[6 * stride];
    Vec even = d2 + d6 - 4.25f * d4, odd = d1 + d5 - 4.25f * d3;
    Vec even2 = d6 + 0.25f * d2 - 1.25f * d4, odd2 = 0.5f * d1 - 2.5f * d3 + 2.0f * d5;
    Vec even3 = d6 + 4.0f * d2 - 5.0f * d4, odd3 = 2.0f * d1 - 2.5f * d3 + 0.5f * d5;
    d[0] = d[0] - d6 + 5.25f * (d4 - d2);
    d[7 * stride] = d[7 * stride] - d1 + 5.25f * (d3 - d5);
    d[stride] = even + odd;
    d[2 * stride] = even - odd;
    d[3 * stride] = even2 + odd2;
    d[4 * stride] = even2 - odd2;
    d[5 * stride] = even3 + odd3;
    d[6 * stride] = even3 - odd3;
}

INLINE void to_points(Vec *d, int stride, int side) {
    if (side == 4)
        to_six(d, stride);
    else
        to_eight(d, stride);
}

INLINE void from_points(const Vec *d, Vec *out, int stride, int side) {
    Vec a = d[1] + d[2], b = d[1] - d[2], c = d[3] + d[4], e = d[3] - d[4];
    if (side == 4) {
        out[0] = d[0] + a + c;
        out[stride] = (2 / 3.0f) * b + 1.5f * e;
        out[2 * stride] = (4 / 9.0f) * a + 2.25f * c;
        out[3 * stride] = (8 / 27.0f) * b + 3.375f * e + d[5];
        return;
    }
    Vec f = d[5] + d[6], g = d[5] - d[6];
    out[0] = d[0] + a + c + 32.0f * f;
    out[stride] = b + 2.0f * e + 16.0f * g;
    out[2 * stride] = a + 4.0f * c + 8.0f * f;
    out[3 * stride] = b + 8.0f * e + 4.0f * g;
    out[4 * stride] = a + 16.0f * c + 2.0f * f;
    out[5 * stride] = b + 32.0f * e + g + d[7];
}
