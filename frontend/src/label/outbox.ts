import type { Answer } from "../api/types";
import { answerOf, type Change, type Code } from "./answers";

export interface Batch {
  structure: number;
  value: Answer | null;
  indices: number[];
}

/** structure → patch index → the answer the server has yet to hear of */
type Waiting = Map<number, Map<number, Code>>;

export type Entry = [structure: number, index: number, code: Code];

/**
 * The answers that are not on the server yet. The last answer to a patch wins; a batch in flight is kept until the server
 * has confirmed it, and goes back behind newer answers when it failed.
 */
export class Outbox {
  readonly #waiting: Waiting = new Map();
  #flight: Batch | null = null;

  get size(): number {
    let size = this.#flight?.indices.length ?? 0;
    for (const cells of this.#waiting.values()) size += cells.size;
    return size;
  }

  get inFlight(): boolean {
    return this.#flight !== null;
  }

  add(structure: number, changes: readonly Change[], side: "before" | "after" = "after"): void {
    const cells = this.#cells(structure);
    for (const change of changes) cells.set(change.index, change[side]);
  }

  restore(entries: readonly Entry[]): void {
    for (const [structure, index, code] of entries) this.#cells(structure).set(index, code);
  }

  #cells(structure: number): Map<number, Code> {
    let cells = this.#waiting.get(structure);
    if (!cells) {
      cells = new Map();
      this.#waiting.set(structure, cells);
    }
    return cells;
  }

  /** Takes the next batch (one structure, one answer, at most `limit` patches), or null when there is none or one is out. */
  take(limit: number): Batch | null {
    if (this.#flight) return null;
    this.#flight = this.#next(limit);
    return this.#flight;
  }

  #next(limit: number): Batch | null {
    for (const [structure, cells] of this.#waiting) {
      const code = cells.values().next().value;
      if (code === undefined) continue;
      const same = [...cells].filter(([, other]) => other === code).slice(0, limit);
      for (const [index] of same) cells.delete(index);
      return { structure, value: answerOf(code), indices: same.map(([index]) => index) };
    }
    return null;
  }

  confirm(): void {
    this.#flight = null;
  }

  /** The batch did not arrive: it waits again, except where a newer answer waits already. */
  giveBack(code: (value: Answer | null) => Code): void {
    const batch = this.#flight;
    this.#flight = null;
    if (!batch) return;
    const cells = this.#cells(batch.structure);
    for (const index of batch.indices) {
      if (!cells.has(index)) cells.set(index, code(batch.value));
    }
  }

  /** Everything unconfirmed, the batch in flight included: what a journal must hold. */
  entries(code: (value: Answer | null) => Code): Entry[] {
    const flight = this.#flight;
    const entries: Entry[] = (flight?.indices ?? []).map((index) => [
      flight?.structure ?? 0,
      index,
      code(flight?.value ?? null),
    ]);
    for (const [structure, cells] of this.#waiting) {
      for (const [index, waiting] of cells) entries.push([structure, index, waiting]);
    }
    return entries;
  }
}
