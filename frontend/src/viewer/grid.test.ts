import { describe, expect, it } from "vitest";
import { Grid } from "./grid";

// 520 x 696 px in patches of 64: 8.125 rows and 10.875 columns, so both ends are partial.
const grid = new Grid(520, 696, 64);

describe("the patch grid", () => {
  it("counts partial patches at the right and at the bottom", () => {
    expect([grid.rows, grid.columns, grid.count]).toEqual([9, 11, 99]);
  });

  it("cuts the last patch off where the image ends", () => {
    expect(grid.box({ row: 8, column: 10 })).toEqual([640, 512, 696, 520]);
    expect(grid.box({ row: 0, column: 1 })).toEqual([64, 0, 128, 64]);
  });

  it("finds the patch under a pixel and none outside the image", () => {
    expect(grid.at(63.9, 64)).toEqual({ row: 1, column: 0 });
    expect(grid.at(696, 0)).toBeNull();
    expect(grid.at(-0.1, 5)).toBeNull();
  });

  it("numbers patches in reading order and back", () => {
    expect(grid.index({ row: 2, column: 3 })).toBe(25);
    expect(grid.cell(25)).toEqual({ row: 2, column: 3 });
  });

  it("skips no patch on a fast drag", () => {
    const way = grid.between({ row: 0, column: 0 }, { row: 2, column: 5 });
    expect(way).toHaveLength(6);
    expect(way.map(({ column }) => column)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(way.at(-1)).toEqual({ row: 2, column: 5 });
  });

  it("gives the one patch when a drag stays in it", () => {
    expect(grid.between({ row: 1, column: 1 }, { row: 1, column: 1 })).toEqual([
      { row: 1, column: 1 },
    ]);
  });
});

// Patches of 32 px start every 24 px: rows at 0, 24, 48 and 72, columns at 0, 24 and 48.
const overlapping = new Grid(100, 80, 32, 8);

describe("a grid of overlapping patches", () => {
  it("counts no patch whose pixels are all in the one before", () => {
    expect([overlapping.rows, overlapping.columns]).toEqual([4, 3]);
    expect(overlapping.box({ row: 3, column: 1 })).toEqual([24, 72, 56, 100]);
  });

  it("finds the patch with the nearest middle for every pixel", () => {
    // The full patches' middles; the image's end cuts the last row, which moves no middle.
    for (let y = 0; y < 100; y += 1) {
      for (let x = 0; x < 80; x += 1) {
        const at = [x + 0.5, y + 0.5] as const;
        const found = overlapping.at(...at);
        const gap = (count: number, place: number): number =>
          Math.min(...Array.from({ length: count }, (_, k) => Math.abs(place - (k * 24 + 16))));
        expect(Math.abs(at[0] - ((found?.column ?? 9) * 24 + 16))).toBe(gap(3, at[0]));
        expect(Math.abs(at[1] - ((found?.row ?? 9) * 24 + 16))).toBe(gap(4, at[1]));
      }
    }
  });

  it("gives every pixel to exactly one cell, the one that is found there", () => {
    const times = new Uint8Array(100 * 80);
    for (let index = 0; index < overlapping.count; index += 1) {
      const cell = overlapping.cell(index);
      const [left, top, right, bottom] = overlapping.cellBox(cell);
      for (let y = top; y < bottom; y += 1) {
        for (let x = left; x < right; x += 1) {
          times[y * 80 + x] = (times[y * 80 + x] ?? 0) + 1;
          expect(overlapping.at(x, y)).toEqual(cell);
        }
      }
    }
    expect(times.every((count) => count === 1)).toBe(true);
  });
});
