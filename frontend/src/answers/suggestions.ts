import type { Answer } from "../api/types";
import type { Code } from "./code";

/** A patch, as far as suggesting goes. */
interface Suggestible {
  code: Code;
  score: number | null;
  /** Nobody is asked about it. */
  out?: boolean;
}

const LEAST = 0.5;
const STEP = 0.05;

/** What a model suggests where nobody answered: yes from a score of p on, no up to 1 − p. */
export class Suggestions {
  on = false;
  threshold = 0.9;

  of(item: Suggestible): Answer | null {
    if (!this.on || item.code !== 0 || item.out || item.score === null) return null;
    if (item.score >= this.threshold) return "yes";
    return 1 - item.score >= this.threshold ? "no" : null;
  }

  move(by: 1 | -1): void {
    const moved = Math.round((this.threshold + by * STEP) * 100) / 100;
    this.threshold = Math.max(LEAST + STEP, Math.min(1, moved));
  }
}
