import { expect, it } from "vitest";
import type { Segmentation } from "../api/types";
import { changed, drawn, firstResults } from "./state";

function segmentation(id: number): Segmentation {
  return {
    id,
    image: 1,
    model: 1,
    model_name: "",
    structure: { id, name: "", colour: "#ffffff" },
    threshold: 0.5,
    default_threshold: 0.5,
    object_count: 0,
    area_fraction: 0,
    area_um2: null,
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
