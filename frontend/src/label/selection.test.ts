import { expect, it } from "vitest";
import { Grid } from "../viewer/grid";
import { Selection } from "./selection";

const grid = new Grid(30, 40, 10); // 3 rows, 4 columns

it("moves inside the grid only", () => {
  const selection = new Selection(grid);
  selection.move(-1, -1, false);
  expect(selection.focus).toEqual({ row: 0, column: 0 });
  selection.move(99, 99, false);
  expect(selection.focus).toEqual({ row: 2, column: 3 });
});

it("selects a rectangle with Shift, in whatever direction", () => {
  const selection = new Selection(grid);
  selection.set({ row: 1, column: 2 });
  selection.move(-1, -1, true);
  expect(selection.many).toBe(true);
  expect(selection.indices()).toEqual([1, 2, 5, 6]);
  selection.move(0, 1, false);
  expect(selection.indices()).toEqual([2]);
});

it("takes single patches in and out of what is selected", () => {
  const selection = new Selection(grid);
  selection.extendTo({ row: 0, column: 1 });
  selection.toggle({ row: 2, column: 0 });
  expect(selection.indices()).toEqual([0, 1, 8]);
  selection.toggle({ row: 0, column: 0 });
  expect(selection.indices()).toEqual([1, 8]);
  expect(selection.focus).toEqual({ row: 0, column: 0 });
});

it("inverts within what is in sight", () => {
  const selection = new Selection(grid);
  selection.set({ row: 0, column: 1 });
  selection.invert([0, 1, 2]);
  expect(selection.indices()).toEqual([0, 1, 2]);
  selection.choose([1]);
  selection.invert([0, 1, 2]);
  expect(selection.indices()).toEqual([0, 2]);
  selection.invert([0, 2]);
  expect(selection.many).toBe(false);
});
