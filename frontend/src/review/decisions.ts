import { messageOf } from "../api/client";
import type { Answer } from "../api/types";
import type { ReviewApi } from "./api";
import type { Deck } from "./deck";
import type { Disputed } from "./types";

export interface DecisionEvents {
  /** Something is decided otherwise. */
  shown: () => void;
  /** Whether the server has every decision. */
  saved: (all: boolean) => void;
  say: (text: string) => void;
}

/** Decides and takes back; each goes to the server at once, and is gone from the screen where it is refused. */
export class Decisions {
  readonly #deck: Deck;
  readonly #api: ReviewApi;
  readonly #events: DecisionEvents;
  #sent: Promise<unknown> = Promise.resolve();

  constructor(deck: Deck, api: ReviewApi, events: DecisionEvents) {
    this.#deck = deck;
    this.#api = api;
    this.#events = events;
  }

  decide(structure: number, answer: Answer): void {
    const before = this.#deck.current?.decision ?? null;
    const item = this.#deck.decide(answer);
    if (item) this.#send(item, before, () => this.#api.decide(structure, item, answer));
  }

  undo(structure: number): void {
    const step = this.#deck.undo();
    if (!step) return;
    const { item, undone } = step;
    const { decision } = item;
    this.#send(item, undone, () =>
      decision === null
        ? this.#api.undecide(structure, item)
        : this.#api.decide(structure, item, decision),
    );
  }

  /** Resolves when what was decided until now is kept or refused. */
  settle(): Promise<unknown> {
    return this.#sent;
  }

  /** One after the other, so that the last decision about a patch is the one that stands. */
  #send(item: Disputed, before: Answer | null, send: () => Promise<unknown>): void {
    this.#events.saved(false);
    const sent = this.#sent.then(send).catch((error: unknown) => {
      this.#deck.forget(item, before);
      this.#events.say(messageOf(error));
      this.#events.shown();
    });
    this.#sent = sent;
    void sent.then(() => {
      if (this.#sent === sent) this.#events.saved(true);
    });
    this.#events.shown();
  }
}
