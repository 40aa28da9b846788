import { afterPaint } from "../answers/afterPaint";
import { postAnswers } from "../answers/api";
import type { AnswerDatabase } from "../answers/database";
import { StepHistory } from "../answers/history";
import { AnswerQueue } from "../answers/queue";
import type { SaveState } from "../answers/state";
import { Stopwatch } from "../answers/stopwatch";
import { Answering, type GalleryStep } from "./answering";
import { type Desk, lookOf } from "./desk";
import { PatchList } from "./list";
import { Pictures } from "./pictures";
import { GallerySelection } from "./selection";
import { Stage } from "./stage";
import { Suggestions } from "./suggestions";
import type { GalleryProps } from "./types";

export interface DeskEvents {
  loaded: () => void;
  failed: (error: unknown) => void;
  near: (end: number) => void;
  changed: () => void;
}

/** What this person's answers in this data set go through, whatever the screen. */
export function queueOf(
  { user, dataset, patch_size, overlap }: GalleryProps,
  database: AnswerDatabase | null,
  changed: (state: SaveState) => void,
): AnswerQueue {
  return new AnswerQueue({
    scope: `${user}:${dataset}`,
    database,
    grid: { patch_size, overlap },
    post: (batch, keepalive) => postAnswers(dataset, batch, keepalive),
    changed,
    painted: afterPaint,
  });
}

/** What can be undone: of this screen, on this grid. */
export function historyOf(
  { user, dataset, patch_size, overlap }: GalleryProps,
  database: AnswerDatabase | null,
): StepHistory<GalleryStep> {
  const scope = `${user}:${dataset}:gallery:${patch_size}:${overlap}`;
  return new StepHistory(scope, database, afterPaint);
}

/** The list, the stage and all that the hands need. */
export function deskOf(
  props: GalleryProps,
  queue: AnswerQueue,
  history: StepHistory<GalleryStep>,
  say: (text: string) => void,
  { loaded, failed, near, changed }: DeskEvents,
): Desk {
  const selection = new GallerySelection();
  const suggestions = new Suggestions();
  const watch = new Stopwatch();
  const list = new PatchList({ loaded, failed });
  const answering = new Answering(list, queue, history, watch);
  const names = new Map(props.images.map(({ id, name }) => [id, name]));
  const pictures = new Pictures(props.dataset, () => stage.invalidate());
  const stage: Stage = new Stage(
    {
      items: () => list.items,
      total: () => list.total,
      selection,
      look: (index, part) => lookOf(desk, names, index, part),
      near,
    },
    pictures,
  );
  const desk: Desk = {
    list,
    stage,
    selection,
    suggestions,
    answering,
    watch,
    say,
    brush: "yes",
    changed,
  };
  return desk;
}
