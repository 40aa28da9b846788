import type { Change } from "./answers";

export interface AnswerStep {
  structure: number;
  changes: Change[];
}

/** Patches that were left out, or asked about again. */
export interface LeftOutStep {
  leftOut: boolean;
  changes: number[];
}

export type Step = AnswerStep | LeftOutStep;

/** Joins the changes of one stroke: a patch painted twice in it goes from its first to its last answer. */
export function join(first: readonly Change[], second: readonly Change[]): Change[] {
  const joined = new Map(first.map((change) => [change.index, change]));
  for (const change of second) {
    const earlier = joined.get(change.index);
    joined.set(change.index, earlier ? { ...change, before: earlier.before } : change);
  }
  return [...joined.values()].filter((change) => change.before !== change.after);
}
