import { ApiError, messageOf } from "../api/client";
import { codeOf } from "./answers";
import type { Batch, Outbox } from "./outbox";

export type SaveState =
  | { kind: "saved" }
  | { kind: "saving"; count: number }
  | { kind: "offline"; count: number; reason: string; retryIn: number }
  | { kind: "refused"; count: number; reason: string };

export interface SenderOptions {
  post: (batch: Batch) => Promise<unknown>;
  changed: (state: SaveState) => void;
  /** Waits; replaced in tests. */
  later?: (milliseconds: number, run: () => void) => void;
  limit?: number;
}

const FIRST_WAIT = 150;
const RETRY_SECONDS = [1, 2, 5, 10, 30];

/** Sends the outbox in small batches, one at a time, and tries again for as long as it takes. */
export class Sender {
  readonly #outbox: Outbox;
  readonly #options: Required<SenderOptions>;
  #scheduled = false;
  #failures = 0;
  #refused = "";

  constructor(outbox: Outbox, options: SenderOptions) {
    this.#outbox = outbox;
    this.#options = {
      later: (milliseconds, run) => setTimeout(run, milliseconds),
      limit: 500,
      ...options,
    };
  }

  /** Something new waits. A moment's pause gathers a drag over many patches into few requests. */
  wake(): void {
    this.#refused = "";
    this.#report();
    this.#schedule(FIRST_WAIT);
  }

  /** The person, or the browser's "online" event, asks to try at once. */
  retry(): void {
    this.#refused = "";
    this.#failures = 0;
    this.#report();
    void this.#send();
  }

  #schedule(milliseconds: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.later(milliseconds, () => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    const batch = this.#outbox.take(this.#options.limit);
    if (!batch) return;
    this.#report();
    try {
      await this.#options.post(batch);
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#failures = 0;
    this.#outbox.confirm();
    this.#report();
    if (this.#outbox.size > 0) void this.#send();
  }

  #failed(error: unknown): void {
    this.#outbox.giveBack(codeOf);
    if (error instanceof ApiError && !error.passing) {
      this.#refused = error.message;
      this.#report();
      return;
    }
    this.#failures += 1;
    const seconds = RETRY_SECONDS[Math.min(this.#failures, RETRY_SECONDS.length) - 1] ?? 30;
    const count = this.#outbox.size;
    this.#options.changed({ kind: "offline", count, reason: messageOf(error), retryIn: seconds });
    this.#schedule(seconds * 1000);
  }

  #report(): void {
    const count = this.#outbox.size;
    if (count === 0) this.#options.changed({ kind: "saved" });
    else if (this.#refused)
      this.#options.changed({ kind: "refused", count, reason: this.#refused });
    else if (this.#failures === 0 || this.#outbox.inFlight) {
      this.#options.changed({ kind: "saving", count });
    }
  }
}
