import type { Change } from "./answers";

export interface Step {
  structure: number;
  changes: Change[];
}

/** What can be taken back and done again; a new step forgets what was undone. */
export class History {
  readonly #done: Step[] = [];
  #undone: Step[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  push(step: Step): void {
    if (step.changes.length === 0) return;
    this.#done.push(step);
    this.#undone = [];
  }

  undo(): Step | null {
    const step = this.#done.pop() ?? null;
    if (step) this.#undone.push(step);
    return step;
  }

  redo(): Step | null {
    const step = this.#undone.pop() ?? null;
    if (step) this.#done.push(step);
    return step;
  }
}

/** Joins the changes of one stroke: a patch painted twice in it goes from its first to its last answer. */
export function join(first: readonly Change[], second: readonly Change[]): Change[] {
  const joined = new Map(first.map((change) => [change.index, change]));
  for (const change of second) {
    const earlier = joined.get(change.index);
    joined.set(change.index, earlier ? { ...change, before: earlier.before } : change);
  }
  return [...joined.values()].filter((change) => change.before !== change.after);
}
