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
    default_smallest_px: 16,
    separation: { method: "automatic", size: null, unit: "px", smallest: null },
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

const form = (size: string, unit: "px" | "um", smallest = "") => ({ size, unit, smallest });

it("sends a length only where one belongs and makes sense", () => {
  expect(separationOf("distance", form("12.5", "um"))).toEqual({
    method: "distance",
    size: 12.5,
    unit: "um",
    smallest: null,
  });
  const byMask = { method: "distance", size: null, unit: "px", smallest: null };
  for (const text of ["", "0", "-3", "twelve"])
    expect(separationOf("distance", form(text, "um"))).toEqual(byMask);
  expect(separationOf("none", form("12", "um"))).toEqual({ ...byMask, method: "none" });
});

it("sends the smallest object with every method, in its unit, and leaves nonsense to the server", () => {
  for (const method of ["automatic", "none", "distance", "h-maxima"] as const)
    expect(separationOf(method, form("", "um", "2.5"))).toEqual({
      method,
      size: null,
      unit: "um",
      smallest: 2.5,
    });
  expect(separationOf("none", form("12", "px", "0"))).toMatchObject({ smallest: 0 });
  expect(separationOf("none", form("12", "um", " "))).toMatchObject({ smallest: null, unit: "px" });
});

it("tells ways to separate apart by method, length, smallest object and unit", () => {
  const far = separationOf("distance", form("12", "um"));
  expect(sameSeparation(far, separationOf("distance", form("12.0", "um")))).toBe(true);
  expect(sameSeparation(far, separationOf("distance", form("12", "px")))).toBe(false);
  expect(sameSeparation(far, separationOf("h-maxima", form("12", "um")))).toBe(false);
  expect(sameSeparation(far, separationOf("distance", form("12", "um", "40")))).toBe(false);
  expect(sameSeparation({ ...far, size: null }, separationOf("distance", form("", "px")))).toBe(
    true,
  );
  const specks = separationOf("none", form("", "um", "40"));
  expect(sameSeparation(specks, separationOf("none", form("", "um", "40.0")))).toBe(true);
  expect(sameSeparation(specks, separationOf("none", form("", "px", "40")))).toBe(false);
});
