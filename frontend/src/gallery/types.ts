import type { Code } from "../answers/code";
import type { Place } from "../answers/place";
import type { Said } from "../answers/said";

/** A patch of the list. */
export interface Item extends Place {
  code: Code;
  score: number | null;
  /** Nobody is asked about it. */
  out: boolean;
  /** Who answered what, where the list is about that. */
  said: readonly Said[] | null;
}

export interface GalleryImage {
  id: number;
  name: string;
  condition: string;
  rows: number;
  columns: number;
}

export interface GalleryProps {
  dataset: number;
  project: number;
  user: number;
  patch_size: number;
  overlap: number;
  images: GalleryImage[];
  /** Whether this person may see what a model expects. */
  scores: boolean;
  keys: Record<string, string>;
  tour_seen: boolean;
}

export type Order = "image" | "random" | "uncertain" | "certain" | "similar" | "contradiction";

/** Patches handed to this person alone, or any that they like to see. */
export type Mode = "queue" | "browse";

/** Which patches are shown. */
export interface Filter {
  mode: Mode;
  state: string;
  image: number | null;
  condition: string;
  least: number | null;
  most: number | null;
  order: Order;
  seed: number;
  like: Place | null;
}

export function firstFilter(): Filter {
  return {
    mode: "queue",
    state: "unanswered",
    image: null,
    condition: "",
    least: null,
    most: null,
    order: "image",
    seed: 1,
    like: null,
  };
}
