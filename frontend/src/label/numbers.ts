import type { Grid } from "../viewer/grid";

/** A number for each patch of an image, and the grid that they are of. */
export interface PatchNumbers {
  patch_size: number;
  overlap: number;
  values: number[] | null;
}

export function numbersOf(found: PatchNumbers, grid: Grid): number[] | null {
  if (found.patch_size !== grid.patchSize || found.overlap !== grid.overlap) {
    throw new Error("The grid has changed. Load the page again.");
  }
  return found.values;
}
