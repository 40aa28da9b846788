import { expect, it } from "vitest";
import type { Segmentation } from "../api/types";
import { changed, drawn, firstResults, sameSeparation, separationOf } from "./state";

function segmentation(id: number): Segmentation {
  return {
    id,
    image: 1,
    model: 1,
    model_name: "",
    structure: { id, name: "", colour: "#ffffff" },
    threshold: 0.5,
    default_threshold: 0.5,
    separation: { method: "automatic", size: null, unit: "px" },
    object_count: 0,
    area_fraction: 0,
    area_um2: null,
    against_reference: null,
    map: "",
    patches: "",
    objects: "",
  };
}

const results = firstResults([segmentation(1), segmentation(2)]);

it("draws every visible mask, but only the chosen structure's heat map", () => {
  expect(drawn(results, 2, "mask")).toHaveLength(2);
  expect(drawn(results, 2, "heat").map((result) => result.segmentation.id)).toEqual([2]);
  const hidden = results.map((result) => ({ ...result, visible: result.segmentation.id === 1 }));
  expect(drawn(hidden, 2, "heat")).toEqual([]);
});

it("sees a moved threshold once it makes another mask", () => {
  const [first] = results;
  expect(first && changed({ ...first, threshold: 0.501 })).toBe(false);
  expect(first && changed({ ...first, threshold: 0.51 })).toBe(true);
});

it("sends a length only where one belongs and makes sense", () => {
  expect(separationOf("distance", "12.5", "um")).toEqual({
    method: "distance",
    size: 12.5,
    unit: "um",
  });
  const byMask = { method: "distance", size: null, unit: "px" };
  for (const text of ["", "0", "-3", "twelve"])
    expect(separationOf("distance", text, "um")).toEqual(byMask);
  expect(separationOf("none", "12", "um")).toEqual({ method: "none", size: null, unit: "px" });
});

it("tells ways to separate apart by method, length and unit", () => {
  const far = separationOf("distance", "12", "um");
  expect(sameSeparation(far, separationOf("distance", "12.0", "um"))).toBe(true);
  expect(sameSeparation(far, separationOf("distance", "12", "px"))).toBe(false);
  expect(sameSeparation(far, separationOf("h-maxima", "12", "um"))).toBe(false);
  expect(sameSeparation({ ...far, size: null }, separationOf("distance", "", "px"))).toBe(true);
});
