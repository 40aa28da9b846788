import type { AnswerDatabase } from "./database";

/** What a step is made of does not matter here, only how much of it there is. */
interface Sized {
  changes: readonly unknown[];
}

interface Entry<T> {
  step: T;
  /** Its number in the database, once it has one. */
  kept: Promise<number | null>;
}

const LONGEST = 200;

export interface HistoryOptions {
  /** When a step is written into the database: as a rule after it was painted. */
  painted?: (run: () => void) => void;
  /** `unwritten` is another than before. */
  changed?: () => void;
}

/** What can be taken back and done again, also after a reload; a new step forgets what was undone. */
export class StepHistory<T extends Sized> {
  readonly #scope: string;
  readonly #database: AnswerDatabase | null;
  readonly #painted: (run: () => void) => void;
  readonly #changed: () => void;
  #done: Entry<T>[] = [];
  #undone: Entry<T>[] = [];
  #writing = 0;

  constructor(
    scope: string,
    database: AnswerDatabase | null,
    { painted = (run) => run(), changed = () => {} }: HistoryOptions = {},
  ) {
    this.#scope = scope;
    this.#database = database;
    this.#painted = painted;
    this.#changed = changed;
  }

  /** Whether a reload now would bring back another history than this. */
  get unwritten(): boolean {
    return this.#writing > 0;
  }

  async open(): Promise<void> {
    const steps = (await this.#database?.steps<T>(this.#scope).catch(() => [])) ?? [];
    const entries = (undone: boolean): Entry<T>[] =>
      steps
        .filter((kept) => kept.undone === undone)
        .map(({ step, id }) => ({ step, kept: Promise.resolve(id ?? null) }));
    this.#done = [...entries(false), ...this.#done];
    // The one that was undone last is the next to be done again.
    this.#undone = entries(true).reverse();
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  push(step: T): void {
    if (step.changes.length === 0) return;
    void this.#counted(this.#forget(this.#undone));
    this.#undone = [];
    const kept = this.#counted(
      new Promise<number | null>((resolve) => {
        this.#painted(() => resolve(this.#keep(step)));
      }),
    );
    this.#done.push({ step, kept });
    void this.#forget(this.#done.splice(0, Math.max(0, this.#done.length - LONGEST)));
  }

  undo(): T | null {
    return this.#move(this.#done, this.#undone, true);
  }

  redo(): T | null {
    return this.#move(this.#undone, this.#done, false);
  }

  #move(from: Entry<T>[], to: Entry<T>[], undone: boolean): T | null {
    const entry = from.pop();
    if (!entry) return null;
    to.push(entry);
    void this.#counted(this.#mark(entry, undone));
    return entry.step;
  }

  /** The same, and `unwritten` until it is settled; none of these fails. */
  #counted<R>(writing: Promise<R>): Promise<R> {
    this.#writing += 1;
    if (this.#writing === 1) this.#changed();
    return writing.finally(() => {
      this.#writing -= 1;
      if (this.#writing === 0) this.#changed();
    });
  }

  async #keep(step: T): Promise<number | null> {
    const kept = { scope: this.#scope, undone: false, step };
    return (await this.#database?.keepStep(kept).catch(() => null)) ?? null;
  }

  async #mark({ step, kept }: Entry<T>, undone: boolean): Promise<void> {
    const id = await kept;
    if (id === null) return;
    await this.#database?.keepStep({ id, scope: this.#scope, undone, step }).catch(() => null);
  }

  async #forget(entries: readonly Entry<T>[]): Promise<void> {
    const ids = (await Promise.all(entries.map(({ kept }) => kept))).filter((id) => id !== null);
    if (ids.length > 0) await this.#database?.forgetSteps(ids).catch(() => undefined);
  }
}
