import type { Pyramid, Selection } from "./source";

export interface PixelValues {
  /** Of the pyramid: 0 is the image itself, each further one the mean of 2 x 2 px of the one before. */
  level: number;
  /** channel → value, in the image's own units */
  values: Map<number, number>;
}

/** The values at an image position, from the finest level whose tiles are here for all channels. */
export function valuesAt(
  pyramid: Pyramid,
  selections: readonly Selection[],
  x: number,
  y: number,
): PixelValues | null {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (selections.length === 0 || column < 0 || row < 0) return null;
  for (const [level, source] of pyramid.entries()) {
    if (column >> level >= source.width || row >> level >= source.height) return null;
    const values = new Map<number, number>();
    for (const selection of selections) {
      const value = source.valueAt(selection, column >> level, row >> level);
      if (value !== undefined) values.set(selection.c, value);
    }
    if (values.size === selections.length) return { level, values };
  }
  return null;
}

/** How a value of a coarser level came about: "mean of 4 × 4 px"; "" for the image itself. */
export function levelWords(level: number): string {
  const side = 2 ** level;
  return level === 0 ? "" : `mean of ${side} × ${side} px`;
}
