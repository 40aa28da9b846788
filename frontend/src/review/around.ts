import type { Place } from "../answers/place";
import type { ReviewImage } from "./types";

/** The patch and those about it: `reach` to each side, and more to one side where the image ends on the other. */
export function around(place: Place, image: ReviewImage, reach: number): Place[] {
  const rows = within(place.row, image.rows, reach);
  const columns = within(place.column, image.columns, reach);
  return rows.flatMap((row) => columns.map((column) => ({ image: image.id, row, column })));
}

function within(middle: number, count: number, reach: number): number[] {
  const side = Math.min(count, 2 * reach + 1);
  const first = Math.max(0, Math.min(middle - reach, count - side));
  return Array.from({ length: side }, (_, step) => first + step);
}
