import { type Code, codeOf } from "../answers/code";
import { type Place, placeKey } from "../answers/place";
import type { AnswerEvent } from "../saving/event";
import { Browsing } from "./browsing";
import type { Source } from "./source";
import type { Item } from "./types";

/** Nobody sees what a patch shows in less. */
export const SEEN_AFTER_MS = 700;

export interface ListEvents {
  /** There are more patches, or others. */
  loaded: () => void;
  failed: (error: unknown) => void;
}

/**
 * The patches to work on, in order. They come portion by portion; what is here stays where it is, whatever is answered,
 * so that nothing moves under the cursor.
 */
export class PatchList {
  readonly #events: ListEvents;
  readonly #index = new Map<string, number>();
  /** Of the patches that are here, by the code of their answer. */
  readonly tally: [number, number, number, number] = [0, 0, 0, 0];
  items: Item[] = [];
  structure = 0;
  source: Source | null = null;
  #abort = new AbortController();
  #loading: Promise<void> | null = null;
  #wanted = 0;
  #pending: () => Iterable<AnswerEvent> = () => [];
  #joined: { from: number; at: number }[] = [];
  /** Up to here somebody went on, whatever was left open. */
  passed = 0;

  constructor(events: ListEvents) {
    this.#events = events;
  }

  get complete(): boolean {
    return !this.source?.more;
  }

  /** How many are worth having at a time; null where there is no limit. */
  get portion(): number | null {
    return this.source?.portion ?? null;
  }

  /** How far one can look ahead: not beyond what is here, where answers decide what comes next. */
  get reach(): number {
    return this.portion === null ? this.total : this.items.length;
  }

  /** Up to here patches can have been seen: others have just joined a screen on which somebody is at work. */
  get seen(): number {
    if (this.portion === null) return this.items.length;
    const now = performance.now();
    const fresh = this.#joined.find(({ at }) => now - at < SEEN_AFTER_MS);
    return fresh ? Math.min(fresh.from, this.items.length) : this.items.length;
  }

  /** Somebody goes on to what has yet to come. */
  pass(): void {
    this.passed = this.items.length;
  }

  get total(): number {
    return this.source?.total(this.items.length) ?? 0;
  }

  get describing(): number {
    return this.source instanceof Browsing ? this.source.describing : 0;
  }

  index(place: Place): number | null {
    return this.#index.get(placeKey(place)) ?? null;
  }

  /** Begins a list anew. `pending`: answers that the server has yet to hear of. */
  async begin(
    structure: number,
    source: Source,
    count: number,
    pending: () => Iterable<AnswerEvent>,
  ): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#loading = null;
    const { signal } = this.#abort;
    const found = await portion(source, count, pending, signal);
    if (signal.aborted) return;
    this.#pending = pending;
    this.structure = structure;
    this.source = source;
    // What was wanted of the list before says nothing about this one.
    this.#wanted = 0;
    this.clear();
    this.#take(found);
    this.#events.loaded();
  }

  clear(): void {
    this.items = [];
    this.passed = 0;
    this.#joined = [];
    this.#index.clear();
    this.tally.fill(0);
  }

  /** Nothing is here, and nothing will come. */
  end(): void {
    this.#abort.abort();
    this.source = null;
    this.clear();
  }

  /** Returns how many are new. */
  #take(found: readonly Item[]): number {
    const before = this.items.length;
    for (const item of found) {
      const key = placeKey(item);
      // New scores may bring a patch a second time; it stays where it was shown first.
      if (this.#index.has(key)) continue;
      this.#index.set(key, this.items.length);
      this.items.push(item);
      this.tally[item.code] += 1;
    }
    if (before > 0)
      this.#joined = [...this.#joined.slice(-4), { from: before, at: performance.now() }];
    return this.items.length - before;
  }

  put(item: Item, code: Code): void {
    this.tally[item.code] -= 1;
    this.tally[code] += 1;
    item.code = code;
  }

  set(place: Place, code: Code): number | null {
    const index = this.index(place);
    const item = index === null ? undefined : this.items[index];
    if (item) this.put(item, code);
    return index;
  }

  /** New scores: all from here on comes in its new order. What is before it stays. */
  renew(end: number): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#loading = null;
    for (const item of this.items.splice(end)) {
      this.#index.delete(placeKey(item));
      this.tally[item.code] -= 1;
    }
    this.source?.again(this.items.filter(({ code, out }) => code !== 0 || out).length);
    this.need(0);
  }

  /** Brings patches until there are so many, or all. */
  need(count: number): void {
    if (!this.source) return;
    this.#wanted = Math.max(this.#wanted, count);
    const missing = this.#wanted - this.items.length;
    if (this.#loading || !this.source.more || missing <= 0) return;
    const { signal } = this.#abort;
    this.#loading = this.#more(this.source, missing, signal)
      .catch((error: unknown) => {
        if (signal.aborted) return;
        // Asked again by the next look at what is not here.
        this.#wanted = 0;
        this.#events.failed(error);
      })
      .finally(() => {
        if (signal.aborted) return;
        this.#loading = null;
        this.need(0);
      });
  }

  async #more(source: Source, count: number, signal: AbortSignal): Promise<void> {
    const found = await portion(source, count, this.#pending, signal);
    if (signal.aborted) return;
    this.#take(found);
    this.#events.loaded();
  }
}

/**
 * The next patches. Answers that the server may not have heard of when it was asked are laid over what it tells: those
 * that waited then, and those that wait now.
 */
async function portion(
  source: Source,
  count: number,
  pending: () => Iterable<AnswerEvent>,
  signal: AbortSignal,
): Promise<Item[]> {
  const waited = [...pending()];
  const found = await source.next(count, signal);
  const codes = new Map<string, Code>();
  for (const event of [...waited, ...pending()]) codes.set(placeKey(event), codeOf(event.value));
  return found.map((item) => ({ ...item, code: codes.get(placeKey(item)) ?? item.code }));
}
