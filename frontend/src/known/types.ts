import type { Place } from "../answers/place";
import type { Answer } from "../api/types";

export type Use = "example" | "calibration";

/** A patch whose answer a manager knows. */
export interface ModelPatch extends Place {
  id: number;
  dataset: number;
  structure: number;
  use: Use;
  value: Answer;
  note: string;
}
