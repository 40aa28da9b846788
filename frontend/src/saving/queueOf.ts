import { afterPaint } from "./afterPaint";
import type { AnswerDatabase, GridSize } from "./database";
import { postAnswers } from "./post";
import { AnswerQueue } from "./queue";
import type { SaveState } from "./state";

/** Who answers about which data set, on which grid. */
export interface QueueSetting extends GridSize {
  user: number;
  dataset: number;
}

/** What this person's answers in this data set go through, whatever the screen. */
export function queueOf(
  { user, dataset, patch_size, overlap }: QueueSetting,
  database: AnswerDatabase | null,
  history: { readonly unwritten: boolean },
  changed: (state: SaveState) => void,
): AnswerQueue {
  return new AnswerQueue({
    scope: `${user}:${dataset}`,
    database,
    grid: { patch_size, overlap },
    post: (batch, keepalive) => postAnswers(dataset, user, batch, keepalive),
    changed,
    beside: history,
    painted: afterPaint,
  });
}
