import { answerOf } from "../answers/code";
import type { Stopwatch } from "../answers/stopwatch";
import type { Answer } from "../api/types";
import { WORDS } from "../label/palette";
import type { Answering } from "./answering";
import type { CellLook } from "./cells";
import type { PatchList } from "./list";
import type { Part } from "./pictures";
import type { GallerySelection } from "./selection";
import type { Stage } from "./stage";
import type { Suggestions } from "./suggestions";
import type { Item } from "./types";

/** What the parts of the gallery work on together. */
export interface Desk {
  readonly list: PatchList;
  readonly stage: Stage;
  readonly selection: GallerySelection;
  readonly suggestions: Suggestions;
  readonly answering: Answering;
  readonly watch: Stopwatch;
  readonly say: (text: string) => void;
  /** The answer that a click gives. */
  brush: Answer | null;
  /** What stands beside the patches is brought up to date, after the paint. */
  readonly changed: () => void;
}

export function onScreen({ stage }: Desk): number[] {
  const [first, end] = stage.screen();
  return Array.from({ length: Math.max(0, end - first) }, (_, number) => first + number);
}

const isOpen = (item: Item | undefined): boolean => item?.code === 0 && !item.out;

/** What of the screen has no answer yet. */
export function openOnScreen(desk: Desk): number[] {
  return onScreen(desk).filter((index) => isOpen(desk.list.items[index]));
}

/** What of the screen a model has something to say about. */
export function suggestedOnScreen({ list, suggestions, ...desk }: Desk): number[] {
  if (!suggestions.on) return [];
  return onScreen({ list, suggestions, ...desk }).filter((index) => {
    const item = list.items[index];
    return item !== undefined && suggestions.of(item) !== null;
  });
}

export function nextOpen({ list, selection }: Desk): number | null {
  const { items } = list;
  for (let index = selection.focus + 1; index < items.length; index += 1) {
    if (isOpen(items[index])) return index;
  }
  return null;
}

/** A patch as people see it and as a screen reader tells it. */
export function lookOf(
  { list, selection, suggestions }: Desk,
  names: ReadonlyMap<number, string>,
  index: number,
  part: Part | null,
): CellLook {
  const item = list.items[index];
  if (!item) return NOTHING;
  const { image, row, column, out } = item;
  const answer = answerOf(item.code);
  const suggestion = suggestions.of(item);
  const score = item.score?.toFixed(2) ?? "";
  const where = `${names.get(image) ?? "Image"}, row ${row + 1}, column ${column + 1}`;
  const said = answer ? WORDS[answer] : out ? "left out" : "no answer";
  const hint = suggestion ? `, suggested ${suggestion}, score ${score}` : "";
  return {
    label: `${where}: ${said}${hint}`,
    part,
    answer,
    out,
    focus: index === selection.focus,
    selected: selection.has(index),
    suggestion,
    score,
  };
}

const NOTHING: CellLook = {
  label: "",
  part: null,
  answer: null,
  out: false,
  focus: false,
  selected: false,
  suggestion: null,
  score: "",
};
