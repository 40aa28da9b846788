import type { Dataset, Image, Structure } from "../api/types";
import type { AnswerDatabase } from "../saving/database";
import type { Labelling } from "./labelling";
import type { LabelLoader } from "./loader";
import type { PanelState } from "./panel";

/** What a visit to the label screen is about. */
export interface LabelData {
  image: Image;
  dataset: Dataset;
  structures: Structure[];
  user: number;
  database: AnswerDatabase | null;
  readOnly: boolean;
  /** Whether this person chooses examples. */
  manager: boolean;
  /** Whether this person may see what a model expects. */
  scores: boolean;
  keys: Record<string, string>;
  tourSeen: boolean;
}

/** What the panel shows, read from what it is about. */
export function panelState(
  labelling: Labelling,
  loader: LabelLoader,
  structures: readonly Structure[],
  readOnly: boolean,
  openInSight: number,
): PanelState {
  const { answers, structure, brush, canUndo, canRedo, leftOut } = labelling;
  const counts = answers.counts(structure ?? -1, leftOut);
  const answered = new Map(structures.map(({ id }) => [id, loader.answered(id)]));
  return { structure, counts, brush, answered, canUndo, canRedo, readOnly, openInSight };
}
