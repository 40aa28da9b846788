import { ApiError, messageOf } from "../api/client";
import type { AnswerDatabase, GridSize, Waiting } from "./database";
import { type AnswerEvent, type NewAnswer, newEvent } from "./event";
import { patience, type SaveState } from "./state";

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
const WRONG = 400;
const CONFLICT = 409;
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
  #waiting: Waiting[] = [];
  #refused: Waiting[] = [];
  #number = 0;
  #unwritten = 0;
  /** Put, but not given to the database yet. */
  #fresh: Waiting[] = [];
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
    this.#limit = this.#options.limit;
  }

  /** Takes up what an earlier visit could not send; `retry` sends it. */
  async open(): Promise<number> {
    const { database, scope } = this.#options;
    const left = database ? await database.waiting(scope) : [];
    const known = new Set(this.#waiting.map(({ event }) => event));
    const missing = left.filter(({ event }) => !known.has(event));
    this.#waiting = [...missing.map((event) => ({ ...event, refused: "" })), ...this.#waiting];
    this.report();
    return missing.length;
  }

  /** Not confirmed by the server, refused ones included. */
  get unsent(): number {
    return this.#waiting.length + this.#refused.length;
  }

  /** Whether closing the page now could lose something. */
  get unwritten(): boolean {
    if (this.#options.database === null) return this.unsent > 0;
    return this.#unwritten > 0 || this.#fresh.length > 0;
  }

  get state(): SaveState {
    if (this.#stopped) return { kind: "refused", count: this.unsent, reason: this.#stopped };
    const [refused] = this.#refused;
    if (this.#waiting.length > 0) return { kind: "saving", count: this.#waiting.length };
    if (!refused && this.#options.beside.unwritten) return { kind: "saving", count: 0 };
    if (!refused) return { kind: "saved" };
    return { kind: "refused", count: this.#refused.length, reason: refused.refused };
  }

  /** What the server has yet to hear of, oldest first: it outweighs what the server tells. */
  *pending(structure: number): Iterable<AnswerEvent> {
    for (const event of this.#waiting) if (event.structure === structure) yield event;
  }

  put(answers: readonly NewAnswer[]): void {
    const { now, scope, grid } = this.#options;
    const time = now();
    const at = new Date(time).toISOString();
    const events = answers.map((answer): Waiting => {
      this.#number = Math.max(this.#number + 1, time * 1000);
      return { ...answer, event: newEvent(), at, scope, grid, number: this.#number, refused: "" };
    });
    this.#waiting.push(...events);
    this.#stopped = "";
    this.#schedule(this.#soon(time));
    if (this.#fresh.push(...events) === events.length) this.#options.painted(() => this.#keep());
    this.report();
  }

  /** ms until the next request; a clock that was set back makes nobody wait longer. */
  #soon(time: number): number {
    return Math.max(FIRST_WAIT, Math.min(PACE, this.#sentAt + PACE - time));
  }

  /** Gives the database what was put since the last time. */
  #keep(): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh.length > 0) void this.#write(fresh);
  }

  async #write(events: Waiting[]): Promise<void> {
    this.#unwritten += 1;
    try {
      await this.#options.database?.keep(events);
    } catch {
      // A full disk costs only the second net: the answers still wait in memory.
    } finally {
      this.#unwritten -= 1;
    }
  }

  /** The person, or the browser's "online" event, asks to try at once. */
  retry(): void {
    this.#stopped = "";
    this.#failures = 0;
    const again = this.#refused.map((event) => ({ ...event, refused: "" }));
    this.#waiting = [...again, ...this.#waiting];
    this.#refused = [];
    this.report();
    void this.#send();
  }

  /** Gives up what the server does not take. */
  discardRefused(): number {
    const given = this.#stopped ? [...this.#refused, ...this.#waiting] : this.#refused;
    if (this.#stopped) this.#waiting = [];
    this.#refused = [];
    this.#stopped = "";
    void this.#forget(given);
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
    if (this.#fresh.length > 0) this.#keep();
    if (this.#sending || this.#stopped || this.#waiting.length === 0) return;
    this.#sending = true;
    this.#sentAt = this.#options.now();
    const batch = this.#batch(keepalive ? KEEPALIVE_LIMIT : this.#limit);
    const { grid } = batch[0] ?? this.#options;
    const clock = new Date(this.#options.now()).toISOString();
    try {
      await this.#options.post({ answers: batch.map(sent), grid, clock }, keepalive);
    } catch (error) {
      this.#sending = false;
      return this.#failed(error, batch);
    }
    this.#sending = false;
    this.#failures = 0;
    this.#limit = Math.min(this.#options.limit, this.#limit * 2);
    this.#leave(batch);
    void this.#forget(batch);
    this.report();
    if (this.#waiting.length >= this.#limit) void this.#send();
    else if (this.#waiting.length > 0) this.#schedule(PACE);
  }

  /** The oldest ones, as far as they were given on one grid. */
  #batch(limit: number): Waiting[] {
    const [first] = this.#waiting;
    const same = ({ grid }: Waiting) =>
      grid.patch_size === first?.grid.patch_size && grid.overlap === first.grid.overlap;
    const end = this.#waiting.findIndex((event) => !same(event));
    return this.#waiting.slice(0, end < 0 ? limit : Math.min(end, limit));
  }

  #leave(batch: readonly Waiting[]): void {
    const gone = new Set(batch.map(({ event }) => event));
    this.#waiting = this.#waiting.filter(({ event }) => !gone.has(event));
  }

  async #forget(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#options.database?.forget(batch);
    } catch {
      // It would be sent once more by the next visit, which changes nothing.
    }
  }

  #failed(error: unknown, batch: Waiting[]): void {
    if (!(error instanceof ApiError) || error.passing) return this.#wait(error);
    if (error.status === CONFLICT && error.retryAfter !== null) {
      return this.#hold(error.message, error.retryAfter);
    }
    const named = (error.body as { refused?: unknown } | null)?.refused;
    const refused = Array.isArray(named) ? batch.filter(({ event }) => named.includes(event)) : [];
    if (refused.length > 0) this.#refuse(refused, error.message);
    else if (error.status === CONFLICT) this.#refuse(batch, error.message);
    else if (error.status === WRONG && batch.length > 1) this.#limit = Math.ceil(batch.length / 2);
    else if (error.status === WRONG) this.#refuse(batch, error.message);
    else {
      this.#stopped = error.message;
      return this.report();
    }
    void this.#send();
  }

  /** What cannot be taken is set aside with the reason, and the others go on. */
  #refuse(batch: Waiting[], reason: string): void {
    this.#leave(batch);
    const refused = batch.map((event) => ({ ...event, refused: reason }));
    this.#refused.push(...refused);
    void this.#write(refused);
    this.report();
  }

  #wait(error: unknown): void {
    this.#failures += 1;
    const retryIn = patience(this.#failures);
    const count = this.#waiting.length;
    this.#options.changed({ kind: "offline", count, reason: messageOf(error), retryIn });
    this.#schedule(retryIn * 1000);
  }

  /** The grid is being changed: if that is cancelled, they are taken as they are. */
  #hold(reason: string, seconds: number): void {
    this.#failures += 1;
    this.#options.changed({ kind: "held", count: this.#waiting.length, reason });
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
    this.#keep();
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
