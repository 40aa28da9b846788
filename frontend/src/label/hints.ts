import type { Code } from "../answers/code";
import { SuggestionPanel } from "../answers/suggestionPanel";
import { Suggestions } from "../answers/suggestions";
import { messageOf, request } from "../api/client";
import type { Answer } from "../api/types";
import type { Labelling } from "./labelling";
import { numbersOf, type PatchNumbers } from "./numbers";

export interface HintEvents {
  changed: () => void;
  accept: () => void;
  say: (text: string) => void;
}

const NO_MODEL = "No model has looked at this image yet: train one first.";

/** What a model expects of the patches of the image, for those who may see it and while they want to. */
export class Hints {
  readonly suggestions = new Suggestions();
  readonly panel: SuggestionPanel;
  readonly #image: number;
  readonly #labelling: Labelling;
  readonly #events: HintEvents;
  readonly #scores = new Map<number, number[] | null>();

  constructor(image: number, labelling: Labelling, events: HintEvents) {
    this.#image = image;
    this.#labelling = labelling;
    this.#events = events;
    const changed = (): void => {
      void this.load();
      events.changed();
    };
    this.panel = new SuggestionPanel(this.suggestions, { changed, accept: events.accept });
  }

  /** Brings the scores of the structure that is asked about, once they are wanted. */
  async load(): Promise<void> {
    const { structure, grid } = this.#labelling;
    if (structure === null || !this.suggestions.on) return;
    try {
      if (!this.#scores.has(structure)) {
        const url = `/api/images/${this.#image}/scores/?structure=${structure}`;
        this.#scores.set(structure, numbersOf(await request<PatchNumbers>(url), grid));
      }
      if (this.#scores.get(structure) === null) this.#events.say(NO_MODEL);
    } catch (error) {
      this.#events.say(messageOf(error));
    }
    this.#events.changed();
  }

  /** How many structures' scores are here: drawings know by it when to renew. */
  get known(): number {
    return this.#scores.size;
  }

  score(index: number): number | null {
    const { structure } = this.#labelling;
    return structure === null ? null : (this.#scores.get(structure)?.[index] ?? null);
  }

  /** Of these patches, those with a suggestion. */
  among(indices: readonly number[]): Map<number, Answer> {
    const { structure, answers, leftOut } = this.#labelling;
    const found = new Map<number, Answer>();
    const scores = structure === null ? null : this.#scores.get(structure);
    if (!this.suggestions.on || !scores || structure === null) return found;
    const codes = answers.codes(structure);
    for (const index of indices) {
      const item = { code: codes[index] as Code, score: scores[index] ?? null };
      const suggested = leftOut.has(index) ? null : this.suggestions.of(item);
      if (suggested) found.set(index, suggested);
    }
    return found;
  }
}
