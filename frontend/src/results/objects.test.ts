import { describe, expect, it } from "vitest";
import { objectBox, shownColumns, sorted, usualArea } from "./objects";

describe("sorting objects", () => {
  const rows = [
    [1, 30],
    [2, null],
    [3, 4],
    [4, 30],
  ];

  it("sorts by number, not by letters, and keeps equal ones in order", () => {
    expect(sorted(rows, { column: 1, descending: false })).toEqual([2, 0, 3, 1]);
    expect(sorted(rows, { column: 1, descending: true })).toEqual([0, 3, 2, 1]);
  });
});

describe("the place of an object", () => {
  it("is its bounding box, given as rows and columns, as x and y", () => {
    const columns = ["label", "bbox-0", "bbox-1", "bbox-2", "bbox-3"];
    expect(objectBox({ columns, rows: [[1, 10, 20, 30, 50]] }, 0)).toEqual([20, 10, 50, 30]);
  });

  it("is a box around the centre where there is no bounding box", () => {
    const columns = ["centroid-0", "centroid-1"];
    expect(objectBox({ columns, rows: [[100, 40]] }, 0)).toEqual([28, 88, 52, 112]);
  });

  it("is unknown without either", () => {
    expect(objectBox({ columns: ["label"], rows: [[1]] }, 0)).toBeNull();
  });
});

it("shows sizes in µm where the pixel size is known, and in px where not", () => {
  const columns = ["area", "area_um2", "centroid-0", "centroid-0_um", "perimeter", "perimeter_um"];
  const headings = (rows: (number | null)[][]) =>
    shownColumns({ columns, rows }).map(({ heading }) => heading);
  expect(headings([[9, 1.5, 4, 0.7, 12, 2]])).toEqual(["Area (µm²)", "y (px)", "Perimeter (µm)"]);
  expect(headings([[9, null, 4, null, 12, null]])).toEqual([
    "Area (px)",
    "y (px)",
    "Perimeter (px)",
  ]);
});

it("leaves out columns that say nothing on a screen", () => {
  const columns = ["label", "bbox-0", "area_um2", "intensity_mean-DAPI"];
  const shown = shownColumns({ columns, rows: [[1, 2, null, 3]] });
  expect(shown).toEqual([
    { index: 0, heading: "Object" },
    { index: 3, heading: "Mean DAPI" },
  ]);
});

it("calls usual what half of the area is made of, whatever specks there are", () => {
  const table = (areas: number[]) => ({
    columns: ["label", "area", "area_um2"],
    rows: areas.map((area, row) => [row + 1, area, area / 4]),
  });
  expect(usualArea(table([16, 900, 40]), "px")).toBe(900);
  // 1302 in all: 441 and 400 are more than half of them.
  expect(usualArea(table([100, 361, 400, 441]), "px")).toBe(400);
  expect(usualArea(table([100, 361, 400, 441]), "um")).toBe(100);
  expect(usualArea(table([400, 410, ...Array(20).fill(20)]), "px")).toBe(400);
  expect(usualArea(table([]), "px")).toBeNull();
  const unknown = { columns: ["area", "area_um2"], rows: [[40, null]] };
  expect(usualArea(unknown, "um")).toBeNull();
});
