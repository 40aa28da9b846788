import type { AnswerDatabase, Waiting } from "./database";

/**
 * The second net under the answers: the browser's own database, which outlives the page. A database that fails costs
 * only this net, for the answers still wait in memory; so nothing in here fails.
 */
export class SafetyNet {
  readonly #database: AnswerDatabase | null;
  readonly #painted: (run: () => void) => void;
  /** Put, but not given to the database yet. */
  #fresh: Waiting[] = [];
  #writing = 0;

  constructor(database: AnswerDatabase | null, painted: (run: () => void) => void) {
    this.#database = database;
    this.#painted = painted;
  }

  /** Whether there is none: answers then live as long as the page. */
  get missing(): boolean {
    return this.#database === null;
  }

  get unwritten(): boolean {
    return this.#writing > 0 || this.#fresh.length > 0;
  }

  /** What an earlier visit could not send. */
  async left(scope: string): Promise<Waiting[]> {
    return this.#database ? await this.#database.waiting(scope) : [];
  }

  /** Keeps new answers once they are painted. */
  put(events: readonly Waiting[]): void {
    const first = this.#fresh.length === 0;
    this.#fresh.push(...events);
    if (first) this.#painted(() => this.flush());
  }

  /** Gives the database at once what was put since the last time. */
  flush(): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh.length > 0) void this.write(fresh);
  }

  async write(events: readonly Waiting[]): Promise<void> {
    this.#writing += 1;
    try {
      await this.#database?.keep(events);
    } catch {
      // A full disk, say.
    } finally {
      this.#writing -= 1;
    }
  }

  async forget(events: readonly Waiting[]): Promise<void> {
    try {
      await this.#database?.forget(events);
    } catch {
      // They would be sent once more by the next visit, which changes nothing.
    }
  }
}
