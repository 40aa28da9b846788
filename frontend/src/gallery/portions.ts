import { isOpen } from "./desk";
import type { Item } from "./types";

/**
 * How long a list should be that comes in portions because every answer changes what is worth asking next: a new portion
 * is fetched while the second half of the last one is answered. `passed`: up to there somebody went on without
 * answering everything.
 */
export function reach(items: readonly Item[], portion: number, passed: number): number {
  let open = 0;
  // What is open is at the end: the rest need not be counted.
  for (let index = items.length - 1; index >= passed && open <= portion / 2; index -= 1) {
    if (isOpen(items[index])) open += 1;
  }
  return open > portion / 2 ? items.length : items.length + portion - open;
}
