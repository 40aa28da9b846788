import { describe, expect, it } from "vitest";
import { cross, hatch } from "./hatch";

describe("the hatching of an empty patch", () => {
  it("stays within its patch and runs in one direction", () => {
    const strokes = hatch([30, 60, 60, 90]);
    expect(strokes).toHaveLength(5);
    for (const { from, to } of strokes) {
      for (const [x, y] of [from, to]) {
        expect(x).toBeGreaterThanOrEqual(30);
        expect(x).toBeLessThanOrEqual(60);
        expect(y).toBeGreaterThanOrEqual(60);
        expect(y).toBeLessThanOrEqual(90);
      }
      expect((to[1] - from[1]) / (to[0] - from[0])).toBeCloseTo(-1);
    }
  });
});

describe("the cross of a patch that is left out", () => {
  it("joins the corners that lie opposite each other", () => {
    expect(cross([30, 60, 60, 90])).toEqual([
      { from: [30, 60], to: [60, 90] },
      { from: [30, 90], to: [60, 60] },
    ]);
  });
});
