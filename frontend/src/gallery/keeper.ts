import type { Handing } from "./handing";

/** Of the time that patches are lent for, what may pass before they are asked for anew. */
const SHARE = 3;
const LEAST_MS = 1000;
/** Nobody has worked for so long: the patches go back when their time is up. */
const IDLE_MS = 10 * 60 * 1000;

/** Prolongs what somebody is working on, and tells when it has gone back to the others. */
export class Keeper {
  readonly #lapsed: () => void;
  readonly #failed: (error: unknown) => void;
  #handing: Handing | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #worked = performance.now();

  constructor(lapsed: () => void, failed: (error: unknown) => void) {
    this.#lapsed = lapsed;
    this.#failed = failed;
    for (const sign of ["keydown", "pointerdown", "wheel"]) {
      window.addEventListener(sign, () => this.#sign(), { passive: true });
    }
    // Timers may sleep with the machine.
    document.addEventListener("visibilitychange", () => this.#check());
  }

  #sign(): void {
    this.#worked = performance.now();
  }

  /** From now on these patches are kept, or none. */
  keep(handing: Handing | null): void {
    this.#handing = handing;
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const remaining = this.#handing?.remaining ?? Number.POSITIVE_INFINITY;
    if (!Number.isFinite(remaining)) return;
    this.#timer = setTimeout(() => this.#check(), Math.max(LEAST_MS, remaining / SHARE));
  }

  #check(): void {
    const handing = this.#handing;
    if (!handing) return;
    if (handing.remaining <= 0) {
      this.#handing = null;
      return this.#lapsed();
    }
    const idle = performance.now() - this.#worked > IDLE_MS;
    if (idle) return this.#wait();
    handing
      .prolong()
      .catch(this.#failed)
      .finally(() => this.#wait());
  }
}
