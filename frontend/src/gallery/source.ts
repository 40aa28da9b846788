import { CODES } from "../answers/code";
import type { Place } from "../answers/place";
import type { Said } from "../answers/said";
import type { Answer } from "../api/types";
import type { Item } from "./types";

/** Where the patches of a list come from, portion by portion. */
export interface Source {
  /** The next patches: about `count` where one may choose. */
  next(count: number, signal: AbortSignal): Promise<Item[]>;
  /** Whether there are more. */
  readonly more: boolean;
  /** How many are worth having at a time, where answers change which comes next; null: as many as one likes. */
  readonly portion: number | null;
  /** How many there will be, of which so many have come. */
  total(come: number): number;
  /** Other scores: what has not come yet is put in order anew. `done`: how many of the list need not come again. */
  again(done: number): void;
}

export interface PatchOutput extends Place {
  value?: Answer | null;
  score: number | null;
  said?: Said[] | null;
  left_out?: boolean;
}

export function itemOf({ image, row, column, value, score, said, left_out }: PatchOutput): Item {
  const code = value ? CODES[value] : 0;
  return { image, row, column, score, code, out: left_out ?? false, said: said ?? null };
}
