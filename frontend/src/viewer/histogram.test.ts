import { describe, expect, it } from "vitest";
import { counted, histogram } from "./histogram";

describe("the histogram of a channel", () => {
  it("is not fooled by one hot pixel", () => {
    const values = Uint16Array.from({ length: 10001 }, (_, index) => 100 + (index % 101));
    values[5000] = 65535;
    expect(histogram(values)).toMatchObject({ least: 100, most: 65535, low: 100, high: 200 });
  });

  it("takes the extremes of an image that is nearly all background, and two values of a flat one", () => {
    const sparse = new Uint16Array(100000);
    sparse[0] = 900;
    expect(histogram(sparse)).toMatchObject({ low: 0, high: 900 });
    expect(histogram(new Uint8Array([7, 7, 7]))).toMatchObject({ low: 7, high: 8 });
  });

  it("sorts numbers as numbers and leaves out what is none", () => {
    const values = Float32Array.from([10, Number.NaN, -2, 9, Number.POSITIVE_INFINITY]);
    expect(histogram(values)).toMatchObject({ least: -2, most: 10 });
    expect(histogram(Float32Array.of(Number.NaN))).toBeNull();
  });

  it("looks at a regular sample of a large image", () => {
    const values = Uint16Array.from({ length: 200_000 }, (_, index) => index % 1000);
    const found = histogram(values);
    expect(found?.sorted.length).toBeLessThanOrEqual(65536);
    expect(found).toMatchObject({ least: 0, most: 996 });
  });

  it("counts every value once, those beyond the range at its ends", () => {
    expect(counted(Uint8Array.of(0, 1, 2, 3, 4, 5, 250), [1, 5], 4)).toEqual([2, 1, 1, 3]);
  });
});
