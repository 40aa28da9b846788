/** How long answers take: from when a patch was shown, or the answer before it, whichever is later. */
export class Stopwatch {
  readonly #now: () => number;
  #since: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** New patches are on the screen. */
  shown(): void {
    this.#since = this.#now();
  }

  /** Milliseconds for each of so many answers given at once. */
  answered(count: number): number {
    const now = this.#now();
    const took = Math.round((now - this.#since) / Math.max(1, count));
    this.#since = now;
    return took;
  }
}
