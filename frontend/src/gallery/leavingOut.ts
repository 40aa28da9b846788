import type { Place } from "../answers/place";
import { request } from "../api/client";
import type { PatchList } from "./list";

// As many as the server takes at once.
const AT_ONCE = 5000;

/** Leaves patches out of what people are asked, or takes them back: the server first, then the screen. */
export async function leaveOut(
  places: readonly Place[],
  out: boolean,
  list: PatchList,
): Promise<void> {
  for (const [image, cells] of byImage(places)) {
    for (let start = 0; start < cells.length; start += AT_ONCE) {
      const part = cells.slice(start, start + AT_ONCE);
      const body = { cells: part.map(({ row, column }) => [row, column]) };
      const method = out ? "POST" : "DELETE";
      await request(`/api/images/${image}/left-out/`, { method, body });
      for (const place of part) mark(list, place, out);
    }
  }
}

function byImage(places: readonly Place[]): Map<number, Place[]> {
  const found = new Map<number, Place[]>();
  for (const place of places) {
    const cells = found.get(place.image);
    if (cells) cells.push(place);
    else found.set(place.image, [place]);
  }
  return found;
}

function mark(list: PatchList, place: Place, out: boolean): void {
  const index = list.index(place);
  const item = index === null ? undefined : list.items[index];
  if (item) item.out = out;
}
