import { describe, expect, it } from "vitest";
import { Grid } from "../viewer/grid";
import { farther, flood } from "./flood";

const grid = new Grid(30, 40, 10); // 3 rows, 4 columns
const distances = [0, 0.2, 0.9, 0.1, 0.3, 0.9, 0.9, 0.9, 0.9, 0.2, 0.9, 0.9];

describe("a flood of what looks alike", () => {
  it("stays together: what is alike elsewhere is not reached", () => {
    expect(flood(grid, distances, 0, 0.5)).toEqual([0, 1, 4]);
  });

  it("holds its patch even where nothing is alike", () => {
    expect(flood(grid, distances, 0, 0)).toEqual([0]);
  });

  it("grows as far as its nearest neighbour, until it holds everything", () => {
    const more = farther(grid, distances, [0], 0.1);
    expect(more).toBe(0.2);
    expect(flood(grid, distances, 0, more ?? 0)).toEqual([0, 1]);
    const all = flood(grid, distances, 0, 1);
    expect(all).toHaveLength(12);
    expect(farther(grid, distances, all, 1)).toBeNull();
  });

  it("passes over patches that could not be compared", () => {
    expect(flood(grid, [0, Number.NaN], 0, 9)).toEqual([0]);
  });
});
