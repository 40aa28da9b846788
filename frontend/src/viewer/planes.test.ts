import { describe, expect, it } from "vitest";
import { clampPlane, nextTime, planeWords, samePlane, workingPlane } from "./planes";

const stack = { t: 3, c: 2, z: 10, y: 40, x: 50 };
const flat = { t: 1, c: 1, z: 1, y: 40, x: 50 };

describe("planes of a stack", () => {
  it("begins with the middle plane where the data set names none", () => {
    const view = { projection: "plane", plane_z: null, plane_t: 0 } as const;
    expect(workingPlane(view, stack).z).toBe(5);
    expect(workingPlane(view, { ...stack, z: 5 }).z).toBe(2);
    expect(workingPlane(view, flat).z).toBe(0);
  });

  it("takes the last plane and time of an image that has fewer", () => {
    const view = { projection: "plane", plane_z: 30, plane_t: 9 } as const;
    expect(workingPlane(view, stack)).toEqual({ projection: "plane", z: 9, t: 2 });
  });

  it("has no maximum over one plane", () => {
    expect(clampPlane({ projection: "max", z: 4, t: 0 }, flat)).toEqual({
      projection: "plane",
      z: 0,
      t: 0,
    });
  });

  it("knows which planes show the same pixels", () => {
    const plane = { projection: "plane", z: 1, t: 0 } as const;
    expect(samePlane(plane, { ...plane, z: 2 })).toBe(false);
    expect(samePlane({ ...plane, projection: "max" }, { ...plane, projection: "max", z: 7 })).toBe(
      true,
    );
    expect(samePlane(plane, { ...plane, t: 1 })).toBe(false);
  });

  it("names only the axes that there are, counted from one", () => {
    const plane = { projection: "plane", z: 4, t: 0 } as const;
    expect(planeWords(plane, stack)).toBe("plane 5, time 1");
    expect(planeWords({ ...plane, projection: "max" }, { ...stack, t: 1 })).toBe(
      "the maximum over z",
    );
    expect(planeWords(plane, flat)).toBe("");
  });

  it("plays round and round", () => {
    const last = { projection: "plane", z: 4, t: 2 } as const;
    expect(nextTime(last, stack)).toEqual({ ...last, t: 0 });
  });
});
