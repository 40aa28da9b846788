import type { Answer } from "../api/types";

/** What somebody answered about a patch. */
export interface Said {
  annotator: string;
  annotator_id: number;
  value: Answer;
}
