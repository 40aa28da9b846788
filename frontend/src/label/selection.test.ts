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

it("advances in reading order and stays on the last patch", () => {
  const selection = new Selection(grid);
  selection.set({ row: 0, column: 3 });
  selection.advance();
  expect(selection.focus).toEqual({ row: 1, column: 0 });
  selection.set({ row: 2, column: 3 });
  selection.advance();
  expect(selection.focus).toEqual({ row: 2, column: 3 });
});
