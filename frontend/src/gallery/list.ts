import { CODES, type Code, codeOf } from "../answers/code";
import { type AnswerEvent, type Place, placeKey } from "../answers/event";
import { getPage, patchesUrl } from "./api";
import type { Filter, Item } from "./types";

const FIRST_PAGE = 400;
const PAGE = 2000;

export interface ListEvents {
  /** There are more patches, or others. */
  loaded: () => void;
  failed: (error: unknown) => void;
}

/**
 * The patches that a filter finds, in order. They come page by page; what is here stays where it is, whatever is
 * answered, so that nothing moves under the cursor.
 */
export class PatchList {
  readonly #dataset: number;
  readonly #events: ListEvents;
  readonly #index = new Map<string, number>();
  items: Item[] = [];
  total = 0;
  describing = 0;
  structure = 0;
  #filter: Filter | null = null;
  #next: string | null = null;
  #abort = new AbortController();
  #loading: Promise<void> | null = null;

  constructor(dataset: number, events: ListEvents) {
    this.#dataset = dataset;
    this.#events = events;
  }

  get complete(): boolean {
    return this.#next === null;
  }

  index(place: Place): number | null {
    return this.#index.get(placeKey(place)) ?? null;
  }

  /** Begins a list anew; answers that the server has yet to hear of are laid over what it tells. */
  async begin(structure: number, filter: Filter, pending: Iterable<AnswerEvent>): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.structure = structure;
    this.#filter = filter;
    this.#loading = null;
    const waiting = [...pending];
    const { signal } = this.#abort;
    const url = patchesUrl(this.#dataset, structure, filter, "", FIRST_PAGE);
    const page = await getPage(url, signal);
    this.items = [];
    this.#index.clear();
    this.#take(page);
    for (const event of waiting) this.set(event, codeOf(event.value));
    this.#events.loaded();
  }

  #take(page: Awaited<ReturnType<typeof getPage>>): void {
    for (const { image, row, column, value, score } of page.patches) {
      const key = placeKey({ image, row, column });
      // New scores may bring a patch a second time; it stays where it was shown first.
      if (this.#index.has(key)) continue;
      this.#index.set(key, this.items.length);
      this.items.push({ image, row, column, score, code: value === null ? 0 : CODES[value] });
    }
    this.#next = page.next;
    this.describing = page.describing;
    this.total = page.next === null ? this.items.length : Math.max(page.total, this.items.length);
  }

  set(place: Place, code: Code): number | null {
    const index = this.index(place);
    const item = index === null ? undefined : this.items[index];
    if (item) item.code = code;
    return index;
  }

  /** Brings pages until there are this many patches, or all. */
  need(count: number): void {
    if (this.#loading || this.#next === null || this.items.length >= count) return;
    const { signal } = this.#abort;
    this.#loading = this.#more(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#events.failed(error);
      })
      .finally(() => {
        if (signal.aborted) return;
        this.#loading = null;
        this.need(count);
      });
  }

  async #more(signal: AbortSignal): Promise<void> {
    if (!this.#filter || this.#next === null) return;
    const url = patchesUrl(this.#dataset, this.structure, this.#filter, this.#next, PAGE);
    const page = await getPage(url, signal);
    if (signal.aborted) return;
    this.#take(page);
    this.#events.loaded();
  }
}
