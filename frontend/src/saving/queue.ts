import { messageOf } from "../api/client";
import { patience } from "../api/patience";
import { newUuid } from "../api/uuid";
import type { AnswerDatabase, GridSize, Waiting } from "./database";
import type { AnswerEvent, NewAnswer } from "./event";
import { SafetyNet } from "./safetyNet";
import type { SaveState } from "./state";
import { Unsent } from "./unsent";
import { verdictOf } from "./verdict";

const atOnce = (run: () => void): void => run();

export interface Batch {
  answers: AnswerEvent[];
  /** The grid that they were given on: it may have been changed since. */
  grid: GridSize;
  /** This machine's time now, by which the server sets the times of the answers right. */
  clock: string;
}

export interface QueueOptions {
  /** Whose answers in which data set: what an earlier visit left is taken up by the same scope only. */
  scope: string;
  grid: GridSize;
  database: AnswerDatabase | null;
  post: (batch: Batch, keepalive: boolean) => Promise<unknown>;
  changed: (state: SaveState) => void;
  /** What is saved together with the answers: "saved" waits for it too. */
  beside?: { readonly unwritten: boolean };
  /** Waits; replaced in tests. */
  later?: (milliseconds: number, run: () => void) => void;
  /** When an answer is written into the database: after it was painted. */
  painted?: (run: () => void) => void;
  now?: () => number;
  limit?: number;
}

const FIRST_WAIT = 150;
/** Between two requests while somebody answers on and on: each costs the browser and the server as much as many answers. */
const PACE = 500;
const LEAVE_AFTER_MS = 3000;
// Browsers let requests of at most 64 kB outlive their page.
const KEEPALIVE_LIMIT = 200;

function sent({ scope, number, grid, refused, ...event }: Waiting): AnswerEvent {
  return event;
}

/**
 * Every answer of every screen goes through here: painted first, written into the browser's database, sent in order and in
 * batches, and kept until the server has confirmed it. Sending an answer twice changes nothing there, so two tabs may both
 * take up what an earlier visit has left.
 */
export class AnswerQueue {
  readonly #options: Required<QueueOptions>;
  readonly #unsent = new Unsent();
  readonly #net: SafetyNet;
  #number = 0;
  #scheduled = false;
  #sending = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #stopped = "";
  #limit: number;

  constructor(options: QueueOptions) {
    this.#options = {
      later: (milliseconds, run) => setTimeout(run, milliseconds),
      painted: atOnce,
      beside: { unwritten: false },
      now: () => Date.now(),
      limit: 500,
      ...options,
    };
    this.#net = new SafetyNet(options.database, this.#options.painted);
    this.#limit = this.#options.limit;
  }

  /** Takes up what an earlier visit could not send; `retry` sends it. */
  async open(): Promise<number> {
    const missing = this.#unsent.takeUp(await this.#net.left(this.#options.scope));
    this.report();
    return missing;
  }

  /** Not confirmed by the server, refused ones included. */
  get unsent(): number {
    return this.#unsent.count;
  }

  /** Whether closing the page now could lose something. */
  get unwritten(): boolean {
    return this.#net.missing ? this.unsent > 0 : this.#net.unwritten;
  }

  get state(): SaveState {
    const { waiting, refused } = this.#unsent;
    if (this.#stopped) return { kind: "refused", count: this.unsent, reason: this.#stopped };
    if (waiting.length > 0) return { kind: "saving", count: waiting.length };
    const [first] = refused;
    if (first) return { kind: "refused", count: refused.length, reason: first.refused };
    return this.#options.beside.unwritten ? { kind: "saving", count: 0 } : { kind: "saved" };
  }

  /** What the server has yet to hear of, oldest first: it outweighs what the server tells. */
  *pending(structure: number): Iterable<AnswerEvent> {
    for (const event of this.#unsent.waiting) if (event.structure === structure) yield event;
  }

  put(answers: readonly NewAnswer[]): void {
    const time = this.#options.now();
    const events = this.#events(answers, time);
    this.#unsent.add(events);
    this.#stopped = "";
    this.#schedule(this.#soon(time));
    this.#net.put(events);
    this.report();
  }

  /** ms until the next request; a clock that was set back makes nobody wait longer. */
  #soon(time: number): number {
    return Math.max(FIRST_WAIT, Math.min(PACE, this.#sentAt + PACE - time));
  }

  #events(answers: readonly NewAnswer[], time: number): Waiting[] {
    const { scope, grid } = this.#options;
    const at = new Date(time).toISOString();
    return answers.map((answer) => {
      this.#number = Math.max(this.#number + 1, time * 1000);
      return { ...answer, event: newUuid(), at, scope, grid, number: this.#number, refused: "" };
    });
  }

  /** The person, or the browser's "online" event, asks to try at once. */
  retry(): void {
    this.#stopped = "";
    this.#failures = 0;
    this.#unsent.askAgain();
    this.report();
    void this.#send();
  }

  /** Gives up what the server does not take. */
  discardRefused(): number {
    const given = this.#unsent.giveUp(this.#stopped !== "");
    this.#stopped = "";
    void this.#net.forget(given);
    this.report();
    return given.length;
  }

  #schedule(milliseconds: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.later(milliseconds, () => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #send(keepalive = false): Promise<void> {
    this.#net.flush();
    if (this.#sending || this.#stopped || this.#unsent.waiting.length === 0) return;
    this.#sending = true;
    this.#sentAt = this.#options.now();
    const batch = this.#unsent.oldest(keepalive ? KEEPALIVE_LIMIT : this.#limit);
    const { grid } = batch[0] ?? this.#options;
    const clock = new Date(this.#options.now()).toISOString();
    try {
      await this.#options.post({ answers: batch.map(sent), grid, clock }, keepalive);
    } catch (error) {
      this.#sending = false;
      return this.#failed(error, batch);
    }
    this.#sending = false;
    this.#confirmed(batch);
    const left = this.#unsent.waiting.length;
    if (left >= this.#limit) void this.#send();
    else if (left > 0) this.#schedule(PACE);
  }

  #confirmed(batch: Waiting[]): void {
    this.#failures = 0;
    this.#limit = Math.min(this.#options.limit, this.#limit * 2);
    this.#unsent.remove(batch);
    void this.#net.forget(batch);
    this.report();
  }

  #failed(error: unknown, batch: Waiting[]): void {
    const verdict = verdictOf(error, batch);
    if (verdict.kind === "away") return this.#wait(error);
    if (verdict.kind === "hold") return this.#hold(verdict.reason, verdict.seconds);
    if (verdict.kind === "stop") {
      this.#stopped = verdict.reason;
      return this.report();
    }
    if (verdict.kind === "halve") this.#limit = Math.ceil(batch.length / 2);
    else this.#refuse(verdict.events, verdict.reason);
    void this.#send();
  }

  /** What cannot be taken is set aside with the reason, and the others go on. */
  #refuse(events: Waiting[], reason: string): void {
    void this.#net.write(this.#unsent.refuse(events, reason));
    this.report();
  }

  #wait(error: unknown): void {
    this.#failures += 1;
    const retryIn = patience(this.#failures);
    const count = this.#unsent.waiting.length;
    this.#options.changed({ kind: "offline", count, reason: messageOf(error), retryIn });
    this.#schedule(retryIn * 1000);
  }

  #hold(reason: string, seconds: number): void {
    this.#failures += 1;
    this.#options.changed({ kind: "held", count: this.#unsent.waiting.length, reason });
    this.#schedule(seconds * 1000);
  }

  /** Tells how things stand; also called when `beside` has changed. */
  report(): void {
    const { state } = this;
    // While the connection is away, "saving" would be a promise nobody can keep.
    if (state.kind === "saving" && this.#failures > 0 && !this.#sending) return;
    this.#options.changed(state);
  }

  /** The page goes: what is left is sent by a request that outlives it. */
  leave(): void {
    void this.#send(true);
  }

  /** Sends what is left and waits for it, but not for ever: the database holds what stays. */
  async settle(): Promise<void> {
    const until = Date.now() + LEAVE_AFTER_MS;
    while (this.state.kind === "saving" && this.#failures === 0 && Date.now() < until) {
      void this.#send();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
