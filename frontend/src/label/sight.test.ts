import { expect, it } from "vitest";
import { Grid } from "../viewer/grid";
import { closeTo } from "./closeUp";
import { border } from "./hatch";
import { inSight } from "./sight";

const grid = new Grid(30, 40, 10); // 3 rows, 4 columns

it("finds every patch while the whole image is on the screen", () => {
  const view = { x: 20, y: 15, zoom: 0 };
  expect(inSight(grid, view, { width: 60, height: 60 })).toHaveLength(12);
});

it("finds those whose middle is on the screen, whatever is drawn of the others", () => {
  const view = { x: 20, y: 15, zoom: 1 };
  // 24 by 12 px of the image around its middle: columns 1 and 2, row 1.
  expect(inSight(grid, view, { width: 48, height: 24 })).toEqual([5, 6]);
});

it("shows a patch close up with three neighbours on each side", () => {
  const view = closeTo([10, 10, 20, 20], 10, { width: 280, height: 140 });
  expect(view).toEqual({ x: 15, y: 15, zoom: 1 });
});

it("draws a line around selected patches, and none between them", () => {
  expect(border(grid, new Set([0, 1]))).toHaveLength(6);
  expect(border(grid, new Set([0, 5]))).toHaveLength(8);
});
