import { postLabels } from "../api/endpoints";
import { codeOf } from "./answers";
import type { Journal } from "./journal";
import type { Labelling } from "./labelling";
import type { Batch } from "./outbox";
import { type SaveState, Sender } from "./sender";

const LEAVE_AFTER_MS = 3000;

/** Ties outbox, sender and journal to one image: what was answered is on its way, or kept until it can be. */
export class Saving {
  readonly #labelling: Labelling;
  readonly #image: number;
  readonly #journal: Journal;
  readonly #sender: Sender;
  #state: SaveState = { kind: "saved" };

  constructor(
    labelling: Labelling,
    image: number,
    journal: Journal,
    changed: (state: SaveState) => void,
  ) {
    this.#labelling = labelling;
    this.#image = image;
    this.#journal = journal;
    this.#sender = new Sender(labelling.outbox, {
      post: (batch) => this.#post(batch),
      changed: (state) => {
        this.#state = state;
        this.#journal.write(labelling.outbox.entries(codeOf));
        changed(state);
      },
    });
  }

  get unsent(): number {
    return this.#labelling.outbox.size;
  }

  /** Takes up what an earlier visit could not send; `wake` sends it. */
  resume(): number {
    const entries = this.#journal.read().filter(([, index]) => index < this.#labelling.grid.count);
    this.#labelling.outbox.restore(entries);
    return entries.length;
  }

  wake(): void {
    this.#sender.wake();
  }

  retry(): void {
    if (this.unsent > 0) this.#sender.retry();
  }

  #post(batch: Batch, keepalive = false): Promise<unknown> {
    const { grid } = this.#labelling;
    const cells = batch.indices.map((index): [number, number] => {
      const { row, column } = grid.cell(index);
      return [row, column];
    });
    const { structure, value } = batch;
    return postLabels(this.#image, { structure, value, cells }, keepalive);
  }

  /** Sends what is left and waits for it, but not for ever: the journal holds what stays. */
  async settle(): Promise<void> {
    const until = Date.now() + LEAVE_AFTER_MS;
    this.retry();
    while (this.unsent > 0 && this.#state.kind === "saving" && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
