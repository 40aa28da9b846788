import { describe, expect, it } from "vitest";
import { facts, readChoice } from "./choice";

function form(values: Record<string, string | string[]>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) data.append(name, one);
  }
  return data;
}

const view = { projection: "plane", plane_z: null, plane_t: 0, used_channels: [] };

describe("what the form says", () => {
  it("takes a preset, and the other field only where that is chosen", () => {
    expect(readChoice(form({ patch_size: "64", patch_size_other: "48", overlap: "" }))).toEqual({
      patchSize: 64,
      overlap: 0,
      view,
    });
    expect(readChoice(form({ patch_size: "other", patch_size_other: "48" }))?.patchSize).toBe(48);
  });

  it("counts planes and time points from 0", () => {
    const said = { projection: "max", plane_z: "3", plane_t: "2", used_channels: ["0", "2"] };
    expect(readChoice(form({ patch_size: "64", ...said }))?.view).toEqual({
      projection: "max",
      plane_z: 2,
      plane_t: 1,
      used_channels: [0, 2],
    });
  });

  it.each([
    { patch_size: "other", patch_size_other: "" },
    { patch_size: "other", patch_size_other: "15" },
    { patch_size: "other", patch_size_other: "1025" },
    { patch_size: "64", overlap: "33" },
    { patch_size: "64", overlap: "-1" },
    { patch_size: "64", overlap: "a" },
    {},
  ])("takes no grid that cannot be: %o", (values) => {
    expect(readChoice(form(values as Record<string, string>))).toBeNull();
  });
});

describe("what the choice means", () => {
  const image = { width: 100, height: 64, pixel_size_um: [0.5, 0.5] as [number, number] };
  const choice = { patchSize: 32, overlap: 8, view: { ...view, projection: "plane" as const } };

  it("is counted by hand", () => {
    // 64 px: from 0, 24 and 48; 100 px: from 0, 24, 48 and 72. 32² of 6 400 px are 16 %.
    expect(facts(image, [image, { ...image, width: 32, height: 32 }], choice)).toEqual([
      ["On this image", "3 × 4 = 12"],
      ["On all 2 images", "13"],
      ["One patch is", "16 % of the image"],
      ["Size", "16\u00a0µm, 256\u00a0µm²"],
    ]);
  });

  it("tells no size in µm where the file tells none", () => {
    expect(facts({ ...image, pixel_size_um: null }, [image], choice).at(-1)?.[1]).toMatch(
      /unknown/,
    );
  });
});
