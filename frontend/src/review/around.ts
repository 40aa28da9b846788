import type { Place } from "../answers/event";
import type { ReviewImage } from "./types";

/** The patch and those up to `reach` away from it, as far as its image goes. */
export function around(place: Place, image: ReviewImage, reach: number): Place[] {
  const rows = within(place.row, image.rows, reach);
  const columns = within(place.column, image.columns, reach);
  return rows.flatMap((row) => columns.map((column) => ({ image: image.id, row, column })));
}

function within(middle: number, count: number, reach: number): number[] {
  const first = Math.max(0, middle - reach);
  const last = Math.min(count - 1, middle + reach);
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}
