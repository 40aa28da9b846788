import { describe, expect, it } from "vitest";
import { hatch } from "./hatch";

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
