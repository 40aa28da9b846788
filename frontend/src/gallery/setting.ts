import { SentBack, type SentBackPatch } from "../answers/sentBack";
import { Stopwatch } from "../answers/stopwatch";
import { Suggestions } from "../answers/suggestions";
import type { Structure } from "../api/types";
import { afterPaint } from "../saving/afterPaint";
import type { AnswerDatabase } from "../saving/database";
import { StepHistory } from "../saving/history";
import type { AnswerQueue } from "../saving/queue";
import { Answering, type GalleryStep } from "./answering";
import type { Desk } from "./desk";
import { PatchList } from "./list";
import { lookOf } from "./look";
import { Pictures } from "./pictures";
import { GallerySelection } from "./selection";
import { Stage } from "./stage";
import type { GalleryProps } from "./types";

const IN_PORTIONS = "The next ones come as you answer: each answer changes which they are.";

export interface DeskEvents {
  loaded: () => void;
  failed: (error: unknown) => void;
  near: (end: number) => void;
  changed: () => void;
}

/** What can be undone: of this screen, on this grid. */
export function historyOf(
  { user, dataset, patch_size, overlap }: GalleryProps,
  database: AnswerDatabase | null,
  changed: () => void,
): StepHistory<GalleryStep> {
  const scope = `${user}:${dataset}:gallery:${patch_size}:${overlap}`;
  return new StepHistory(scope, database, { painted: afterPaint, changed });
}

/** Who works on what, and where the answers go. */
export interface DeskSetting {
  props: GalleryProps;
  structures: readonly Structure[];
  queue: AnswerQueue;
  history: StepHistory<GalleryStep>;
  say: (text: string) => void;
}

/** The list, the stage and all that the hands need. */
export function deskOf(
  { props, structures, queue, history, say }: DeskSetting,
  { loaded, failed, near, changed }: DeskEvents,
): Desk {
  const { user, dataset } = props;
  const selection = new GallerySelection();
  const suggestions = new Suggestions();
  const watch = new Stopwatch();
  const list = new PatchList({ loaded, failed });
  const sentBack = new SentBack({
    dataset,
    structures,
    goTo: (patch) => goTo(desk, patch),
    changed: () => stage.invalidate(),
    say,
  });
  const answering = new Answering(list, queue, history, watch, sentBack);
  const names = new Map(props.images.map(({ id, name }) => [id, name]));
  const pictures = new Pictures(dataset, (first, end) => stage.arrived(first, end));
  const stage: Stage = new Stage(
    {
      items: () => list.items,
      total: () => list.reach,
      note: () => noteUnder(list),
      selection,
      look: (index, part) => lookOf(desk, names, index, part),
      near,
    },
    pictures,
  );
  const desk: Desk = {
    user,
    list,
    stage,
    selection,
    suggestions,
    answering,
    watch,
    sentBack,
    say,
    brush: "yes",
    changed,
  };
  return desk;
}

/** What stands below the patches. */
function noteUnder({ portion, complete, items }: PatchList): string {
  return portion === null || complete || items.length === 0 ? "" : IN_PORTIONS;
}

/** To a patch that was sent back, where it is in the list. */
function goTo({ list, selection, stage, changed }: Desk, patch: SentBackPatch): boolean {
  const index = patch.structure === list.structure ? list.index(patch) : null;
  if (index === null) return false;
  selection.set(index);
  if (!stage.reveal(index)) stage.draw();
  stage.grid.focus({ preventScroll: true });
  changed();
  return true;
}
