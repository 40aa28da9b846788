import { describe, expect, it } from "vitest";
import type { Pyramid, Selection } from "./source";
import { levelWords, valuesAt } from "./values";

/** A level whose tiles are here for some channels only: the value tells where it came from. */
function level(width: number, height: number, here: number[]) {
  return {
    width,
    height,
    valueAt: ({ c }: Selection, x: number, y: number) =>
      here.includes(c) ? c * 10_000 + y * 100 + x : undefined,
  };
}

const both = [{ c: 0 }, { c: 1 }];

describe("values under the cursor", () => {
  it("come from the image itself where it is loaded", () => {
    const pyramid = [level(90, 70, [0, 1]), level(45, 35, [0, 1])] as unknown as Pyramid;
    const found = valuesAt(pyramid, both, 13.9, 7.2);
    expect(found?.level).toBe(0);
    expect([...(found?.values ?? [])]).toEqual([
      [0, 713],
      [1, 10_713],
    ]);
  });

  it("come from one level for all channels, the finest that has them", () => {
    const pyramid = [level(91, 71, [0]), level(46, 36, [0, 1])] as unknown as Pyramid;
    expect(valuesAt(pyramid, both, 90.5, 70.5)).toEqual({
      level: 1,
      values: new Map([
        [0, 3545],
        [1, 13_545],
      ]),
    });
  });

  it("are none outside the image or before anything is loaded", () => {
    const pyramid = [level(90, 70, [0])] as unknown as Pyramid;
    expect(valuesAt(pyramid, [{ c: 0 }], 90, 3)).toBeNull();
    expect(valuesAt(pyramid, [{ c: 0 }], -0.5, 3)).toBeNull();
    expect(valuesAt(pyramid, both, 3, 3)).toBeNull();
  });

  it("say how a coarser one came about", () => {
    expect([levelWords(0), levelWords(2)]).toEqual(["", "mean of 4 × 4 px"]);
  });
});
