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
