import type { Answer } from "../api/types";
import type { Disputed } from "./types";

interface Step {
  item: Disputed;
  before: Answer | null;
}

/** The patches of a review in their order, the one in sight, and what was decided last. */
export class Deck {
  #items: Disputed[] = [];
  #steps: Step[] = [];
  focus = 0;

  get items(): readonly Disputed[] {
    return this.#items;
  }

  get current(): Disputed | null {
    return this.#items[this.focus] ?? null;
  }

  get open(): number {
    return this.#items.filter(({ decision }) => decision === null).length;
  }

  get canUndo(): boolean {
    return this.#steps.length > 0;
  }

  reset(items: readonly Disputed[]): void {
    this.#items = [...items];
    this.#steps = [];
    this.focus = 0;
  }

  add(items: readonly Disputed[]): void {
    this.#items.push(...items);
  }

  move(by: number): void {
    this.focus = Math.max(0, Math.min(this.#items.length - 1, this.focus + by));
  }

  /** Notes the decision and goes on to the next patch without one; what was decided before it is kept for undo. */
  decide(value: Answer): Disputed | null {
    const item = this.current;
    if (!item) return null;
    this.#steps.push({ item, before: item.decision });
    item.decision = value;
    const next = this.#items.findIndex((one, at) => at > this.focus && one.decision === null);
    if (next >= 0) this.focus = next;
    return item;
  }

  /** Takes the last decision back and returns to its patch; tells what was decided until then. */
  undo(): { item: Disputed; undone: Answer | null } | null {
    const step = this.#steps.pop();
    if (!step) return null;
    const { item, before } = step;
    const undone = item.decision;
    item.decision = before;
    this.focus = this.#items.indexOf(item);
    return { item, undone };
  }

  /** The server refused: what was decided before stands, and none of it can be undone. */
  forget(item: Disputed, decision: Answer | null): void {
    item.decision = decision;
    this.#steps = this.#steps.filter((step) => step.item !== item);
  }
}
