import type { Waiting } from "./database";

/** Answers that the server has yet to confirm, oldest first, and those that it does not take, with the reason. */
export class Unsent {
  #waiting: Waiting[] = [];
  #refused: Waiting[] = [];

  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  get refused(): readonly Waiting[] {
    return this.#refused;
  }

  get count(): number {
    return this.#waiting.length + this.#refused.length;
  }

  add(events: readonly Waiting[]): void {
    this.#waiting.push(...events);
  }

  /** What an earlier visit has left is older than all there is; returns how many were not known here. */
  takeUp(left: readonly Waiting[]): number {
    const known = new Set(this.#waiting.map(({ event }) => event));
    const missing = left.filter(({ event }) => !known.has(event));
    this.#waiting = [...missing.map(asked), ...this.#waiting];
    return missing.length;
  }

  /** The oldest ones, as far as they were given on one grid. */
  oldest(limit: number): Waiting[] {
    const [first] = this.#waiting;
    const same = ({ grid }: Waiting) =>
      grid.patch_size === first?.grid.patch_size && grid.overlap === first.grid.overlap;
    const end = this.#waiting.findIndex((event) => !same(event));
    return this.#waiting.slice(0, end < 0 ? limit : Math.min(end, limit));
  }

  remove(events: readonly Waiting[]): void {
    const gone = new Set(events.map(({ event }) => event));
    this.#waiting = this.#waiting.filter(({ event }) => !gone.has(event));
  }

  /** Sets these aside with the reason, and returns them as they are now. */
  refuse(events: readonly Waiting[], reason: string): Waiting[] {
    this.remove(events);
    const refused = events.map((event) => ({ ...event, refused: reason }));
    this.#refused.push(...refused);
    return refused;
  }

  /** What was refused waits again, before all the others. */
  askAgain(): void {
    this.#waiting = [...this.#refused.map(asked), ...this.#waiting];
    this.#refused = [];
  }

  /** Gives up what was refused, or all there is; returns what that was. */
  giveUp(all: boolean): Waiting[] {
    const given = all ? [...this.#refused, ...this.#waiting] : this.#refused;
    if (all) this.#waiting = [];
    this.#refused = [];
    return given;
  }
}

/** As if the server had not been asked about it yet. */
function asked(event: Waiting): Waiting {
  return { ...event, refused: "" };
}
