import { Calm } from "../answers/calm";
import type { SuggestionPanel } from "../answers/suggestionPanel";
import type { AnswerQueue } from "../saving/queue";
import type { SaveState } from "../saving/state";
import { contradiction } from "./contradiction";
import { type Desk, openOnScreen, suggestedOnScreen } from "./desk";
import type { EmptyNotice } from "./empty";
import type { Filters } from "./filters";
import type { GalleryBar } from "./galleryBar";
import type { GalleryPanel } from "./panel";
import type { Showing } from "./showing";

export interface BesideParts {
  root: HTMLElement;
  desk: Desk;
  queue: AnswerQueue;
  showing: Showing;
  panel: GalleryPanel;
  filters: Filters;
  suggestions: SuggestionPanel;
  bar: GalleryBar;
  empty: EmptyNotice;
}

/** What stands beside the patches. It is brought up to date a moment after them, once for all that happened. */
export class Beside {
  readonly #parts: BesideParts;
  readonly #later = new Calm(() => this.#update());
  #state: SaveState = { kind: "saved" };

  constructor(parts: BesideParts) {
    this.#parts = parts;
  }

  changed(): void {
    this.#expose();
    this.#later.ask();
  }

  #update(): void {
    const { desk, showing, panel, bar, suggestions, empty, filters } = this.#parts;
    const { list, selection, stage, answering } = desk;
    showing.worked();
    const [, yes, no, unsure] = list.tally;
    const focused = list.items[selection.focus];
    const chosen = selection.indices().flatMap((index) => list.items[index] ?? []);
    panel.update({
      structure: showing.structure,
      brush: desk.brush,
      counts: { yes, no, unsure },
      says: focused ? contradiction(focused, desk.user) : "",
      open: openOnScreen(desk).length,
      chosen: chosen.length,
      out: chosen.length > 0 && chosen.every(({ out }) => out),
      canUndo: answering.canUndo,
      canRedo: answering.canRedo,
    });
    bar.saved(this.#state);
    bar.position(selection, stage.screen(), list.total);
    answering.suggesting = desk.suggestions.on;
    suggestions.update(suggestedOnScreen(desk).length);
    empty.update(list, filters.filter);
    filters.update(list);
  }

  /** For tests: where the work stands. */
  #expose(): void {
    const { root, desk, showing } = this.#parts;
    const { list, selection } = desk;
    root.dataset.structure = String(showing.structure);
    root.dataset.focus = String(selection.focus);
    root.dataset.selected = String(selection.size);
    root.dataset.counts = list.tally.slice(1).join(",");
    root.dataset.total = String(list.total);
    root.dataset.here = String(list.items.length);
  }

  saved(state: SaveState): void {
    const { root, queue } = this.#parts;
    this.#state = state;
    this.#later.ask();
    root.dataset.saved = String(state.kind === "saved");
    root.dataset.unsavedCount = String(queue.unsent);
  }
}
