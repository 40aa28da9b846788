import type { SentBack } from "../answers/sentBack";
import type { Stopwatch } from "../answers/stopwatch";
import type { Suggestions } from "../answers/suggestions";
import type { Answer } from "../api/types";
import type { Answering } from "./answering";
import type { PatchList } from "./list";
import type { GallerySelection } from "./selection";
import type { Stage } from "./stage";
import type { Item } from "./types";

/** What the parts of the gallery work on together. */
export interface Desk {
  /** Who works here. */
  readonly user: number;
  readonly list: PatchList;
  readonly stage: Stage;
  readonly selection: GallerySelection;
  readonly suggestions: Suggestions;
  readonly answering: Answering;
  readonly watch: Stopwatch;
  /** What a manager asks this person to look at again. */
  readonly sentBack: SentBack;
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

export const isOpen = (item: Item | undefined): boolean => item?.code === 0 && !item.out;

/** How many patches to have at a time, where answers change which comes next: never more than a screen. */
export function portionOf({ list, stage }: Desk): number | null {
  return list.portion === null ? null : Math.min(list.portion, stage.layout.perScreen);
}

/** What of the screen has no answer yet and can have been seen. */
export function openOnScreen(desk: Desk): number[] {
  const { items, seen } = desk.list;
  return onScreen(desk).filter((index) => index < seen && isOpen(items[index]));
}

/** What of the screen a model has something to say about. */
export function suggestedOnScreen({ list, suggestions, ...desk }: Desk): number[] {
  if (!suggestions.on) return [];
  return onScreen({ list, suggestions, ...desk }).filter((index) => {
    const item = list.items[index];
    return item !== undefined && index < list.seen && suggestions.of(item) !== null;
  });
}

export function nextOpen({ list, selection }: Desk): number | null {
  const { items } = list;
  for (let index = selection.focus + 1; index < items.length; index += 1) {
    if (isOpen(items[index])) return index;
  }
  return null;
}
