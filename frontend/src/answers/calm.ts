/** Keys that follow each other faster than this are one burst of work. */
const CALM_MS = 60;
/** So late at most does it come, however long the burst. */
const LATEST_MS = 300;

/** Runs something once nobody has asked for a moment, so that it takes no frame from the next answer. */
export class Calm {
  readonly #run: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest = 0;

  constructor(run: () => void) {
    this.#run = run;
  }

  ask(): void {
    const now = performance.now();
    if (this.#timer === undefined) this.#latest = now + LATEST_MS;
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(CALM_MS, this.#latest - now));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, wait);
  }
}
