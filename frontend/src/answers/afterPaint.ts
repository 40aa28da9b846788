// A page in the background paints nothing: what waits for a frame then runs all the same.
const NO_FRAME_MS = 200;

/** Runs something once what this event changed is on the screen, so that it does not hold up the paint. */
export function afterPaint(run: () => void): void {
  let waiting = true;
  const once = (): void => {
    if (!waiting) return;
    waiting = false;
    clearTimeout(timer);
    run();
  };
  const timer = setTimeout(once, NO_FRAME_MS);
  // The frame is painted after its callbacks; a task that one of them leaves comes after that.
  requestAnimationFrame(() => setTimeout(once));
}

/** Runs something after the next paint, once, however often it was asked for until then. */
export class AfterPaint {
  readonly #run: () => void;
  #asked = false;

  constructor(run: () => void) {
    this.#run = run;
  }

  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    afterPaint(() => this.now());
  }

  /** At once, when it was asked for. */
  now(): void {
    if (!this.#asked) return;
    this.#asked = false;
    this.#run();
  }
}
