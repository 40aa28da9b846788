import { Calm } from "../answers/calm";
import type { SaveState } from "../saving/state";
import type { Bar } from "./bar";
import type { Panel } from "./panel";
import { type LabelData, panelState } from "./panelState";
import type { Parts } from "./parts";

// How long the camera rests before patches in sight are counted.
const REST_MS = 80;

export interface BesideParts {
  root: HTMLElement;
  data: LabelData;
  parts: Parts;
  panel: Panel;
  bar: Bar;
  inSight: () => number[];
}

/** What stands beside the image. It is brought up to date a moment after it, once for all that happened. */
export class Beside {
  readonly #on: BesideParts;
  // Without regard to frames: on a slow machine the next one may be seconds away.
  readonly #later = new Calm(() => this.#update());
  #resting = false;

  constructor(on: BesideParts) {
    this.#on = on;
  }

  changed(): void {
    this.#expose();
    this.#later.ask();
  }

  saved(state: SaveState): void {
    const { root, bar, parts } = this.#on;
    bar.saved(state);
    root.dataset.saved = String(state.kind === "saved");
    root.dataset.unsavedCount = String(parts.given.queue.unsent);
  }

  /** The camera moved: other patches are in sight once it rests. */
  moved(): void {
    if (this.#resting) return;
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      const { inSight, panel, parts } = this.#on;
      const seen = inSight();
      panel.rest(parts.labelling.open(seen).length);
      this.#countSuggestions(seen);
    }, REST_MS);
  }

  #countSuggestions(seen: readonly number[]): void {
    const { hints } = this.#on.parts;
    hints.panel.update(hints.among(seen).size);
  }

  #update(): void {
    const { data, parts, panel, bar, inSight } = this.#on;
    const { labelling, loader } = parts;
    const seen = inSight();
    const open = labelling.open(seen).length;
    this.#countSuggestions(seen);
    const state = panelState(labelling, loader, data.structures, data.readOnly, open);
    const { counts } = state;
    panel.update(state);
    parts.empties.update();
    parts.leftOut.update();
    parts.known.update();
    bar.progress(counts.answered, counts.answered + counts.open);
  }

  /** For tests: where the work stands. */
  #expose(): void {
    const { root, parts } = this.#on;
    const { selection, answers, structure, leftOut, ready } = parts.labelling;
    const counts = answers.counts(structure ?? -1);
    root.dataset.focus = `${selection.focus.row},${selection.focus.column}`;
    root.dataset.selected = String(selection.many ? selection.indices().length : 0);
    root.dataset.leftOut = String(leftOut.size);
    root.dataset.answersHere = String(ready);
    root.dataset.counts = `${counts.yes},${counts.no},${counts.unsure}`;
  }
}
