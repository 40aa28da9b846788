import type { Place } from "../answers/place";
import type { Answer } from "../api/types";

/** One answer to one patch, as it is sent: known again by its number when it arrives twice. */
export interface AnswerEvent extends Place {
  event: string;
  structure: number;
  value: Answer | null;
  /** When it was given, by this machine's clock. */
  at: string;
  took_ms: number | null;
  suggested: boolean | null;
  /** The patch was handed to this person: what they were not asked is never a second answer. */
  handed: boolean;
}

export type NewAnswer = Omit<AnswerEvent, "event" | "at">;
