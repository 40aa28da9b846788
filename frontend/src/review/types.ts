import type { Place } from "../answers/place";
import type { Said } from "../answers/said";
import type { Answer } from "../api/types";

/** A patch on which people differ. */
export interface Disputed extends Place {
  answers: Said[];
  /** Of yes, 0..1. */
  probability: number;
  decision: Answer | null;
  remarks: number;
}

export interface Remark extends Place {
  id: number;
  structure: number;
  text: string;
  by: string;
  sent_to: string | null;
  done_at: string | null;
}

export interface ReviewImage {
  id: number;
  name: string;
  rows: number;
  columns: number;
}

export interface ReviewProps {
  dataset: number;
  project: number;
  patch_size: number;
  overlap: number;
  images: ReviewImage[];
  structure: number | null;
  /** The person's own keys. */
  keys: Record<string, string>;
  /** Who may be asked to look again. */
  people: { id: number; name: string }[];
}
