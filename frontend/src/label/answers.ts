import { CODES, type Code, codeOf } from "../answers/code";
import type { Answer, Label } from "../api/types";

export interface Change {
  index: number;
  before: Code;
  after: Code;
}

export interface Counts {
  yes: number;
  no: number;
  unsure: number;
  answered: number;
  open: number;
}

const NONE: ReadonlySet<number> = new Set();

/** My answers on one image: one code per patch and structure. */
export class Answers {
  readonly #size: number;
  readonly #codes = new Map<number, Uint8Array>();

  constructor(size: number) {
    this.#size = size;
  }

  codes(structure: number): Uint8Array {
    let codes = this.#codes.get(structure);
    if (!codes) {
      codes = new Uint8Array(this.#size);
      this.#codes.set(structure, codes);
    }
    return codes;
  }

  load(structure: number, labels: readonly Label[], columns: number): void {
    const codes = this.codes(structure);
    codes.fill(0);
    for (const label of labels) {
      const index = label.row * columns + label.column;
      if (label.column < columns && index < this.#size) codes[index] = CODES[label.value];
    }
  }

  /** Gives one answer to many patches; returns what really changed, and what is `awaited` even if it is the same. */
  paint(
    structure: number,
    indices: Iterable<number>,
    answer: Answer | null,
    awaited: (index: number) => boolean = () => false,
  ): Change[] {
    const codes = this.codes(structure);
    const after = codeOf(answer);
    const changes: Change[] = [];
    for (const index of indices) {
      const before = codes[index] as Code | undefined;
      if (before === undefined || (before === after && !awaited(index))) continue;
      codes[index] = after;
      changes.push({ index, before, after });
    }
    return changes;
  }

  apply(structure: number, changes: readonly Change[], side: "before" | "after"): void {
    const codes = this.codes(structure);
    for (const change of changes) codes[change.index] = change[side];
  }

  open(structure: number, leftOut: ReadonlySet<number> = NONE): number[] {
    const open: number[] = [];
    this.codes(structure).forEach((code, index) => {
      if (code === 0 && !leftOut.has(index)) open.push(index);
    });
    return open;
  }

  /** The next patch without an answer in reading order after `from`, from the start again at the end. */
  nextOpen(structure: number, from: number, leftOut: ReadonlySet<number> = NONE): number | null {
    const codes = this.codes(structure);
    for (let step = 1; step <= this.#size; step += 1) {
      const index = (from + step) % this.#size;
      if (codes[index] === 0 && !leftOut.has(index)) return index;
    }
    return null;
  }

  /** `open` are those without an answer that are asked about. */
  counts(structure: number, leftOut: ReadonlySet<number> = NONE): Counts {
    const codes = this.codes(structure);
    const tally = [0, 0, 0, 0];
    for (const code of codes) tally[code] = (tally[code] ?? 0) + 1;
    for (const index of leftOut) if (codes[index] === 0) tally[0] = (tally[0] ?? 0) - 1;
    const [open = 0, yes = 0, no = 0, unsure = 0] = tally;
    return { yes, no, unsure, open, answered: yes + no + unsure };
  }
}
