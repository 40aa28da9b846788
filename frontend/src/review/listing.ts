import { messageOf } from "../api/client";
import type { ReviewApi } from "./api";
import type { Deck } from "./deck";
import type { Disputed } from "./types";

export interface ListingEvents {
  added: (items: readonly Disputed[]) => void;
  shown: () => void;
  say: (text: string) => void;
}

/** Brings disagreements to the deck, part by part. */
export class Listing {
  readonly #deck: Deck;
  readonly #api: ReviewApi;
  readonly #events: ListingEvents;
  #structure = 0;
  #decided = false;
  #cursor: number | null = null;
  #loading = 0;
  /** How many there are that the deck does not have yet. */
  beyond = 0;
  /** Whether the list, or why there is none, is here. */
  here = false;
  /** Why the list could not be read; empty while it could. */
  failed = "";

  constructor(deck: Deck, api: ReviewApi, events: ListingEvents) {
    this.#deck = deck;
    this.#api = api;
    this.#events = events;
  }

  /** Nothing is listed until it begins anew; what is under way comes to nothing. */
  clear(): void {
    this.#loading += 1;
    this.#cursor = null;
    this.beyond = 0;
    this.failed = "";
    this.here = false;
    this.#deck.reset([]);
  }

  /** Everything anew. */
  async begin(structure: number, decided: boolean): Promise<void> {
    this.clear();
    this.#structure = structure;
    this.#decided = decided;
    this.#cursor = 0;
    await this.more();
  }

  async more(): Promise<void> {
    if (this.#cursor === null) return;
    const asked = ++this.#loading;
    const cursor = this.#cursor;
    // Asked for once, until the answer says where the list goes on.
    this.#cursor = null;
    try {
      const page = await this.#api.disputed(this.#structure, this.#decided, cursor);
      if (asked !== this.#loading) return;
      this.#cursor = page.cursor;
      this.#deck.add(page.patches);
      this.beyond = page.cursor === null ? 0 : Math.max(0, page.total - this.#deck.items.length);
      this.failed = "";
      this.here = true;
      this.#events.added(page.patches);
      this.#events.shown();
    } catch (error) {
      if (asked !== this.#loading) return;
      this.failed = messageOf(error);
      this.here = true;
      this.#events.say(this.failed);
      this.#events.shown();
      // The next step through the list asks again.
      this.#cursor = cursor;
    }
  }
}
