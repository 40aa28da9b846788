import type { Code } from "../answers/code";
import { StepHistory } from "../answers/history";
import type { Answer, Label } from "../api/types";
import type { Grid } from "../viewer/grid";
import { Answers, type Change } from "./answers";
import { join, type Step } from "./history";
import { Selection } from "./selection";

export interface LabellingEvents {
  /** Something to draw changed. */
  changed: () => void;
  /** These answers are to be sent: each patch with its code. */
  given: (structure: number, codes: [index: number, code: Code][], undoing: boolean) => void;
  /** Patches whose answers the server has yet to hear of. */
  pending: (structure: number) => Iterable<[index: number, code: Code]>;
}

/** Everything a person can do on the label screen, without a screen. */
export class Labelling {
  readonly grid: Grid;
  readonly answers: Answers;
  readonly selection: Selection;
  readonly #histories: StepHistory<Step>;
  readonly #events: LabellingEvents;
  readonly #loaded = new Set<number>();
  #stroke: Change[] | null = null;
  /** Patches that nobody is asked about. */
  leftOut: ReadonlySet<number> = new Set();
  structure: number | null = null;
  brush: Answer | null = "yes";
  /** Counts every change of answers, so that drawings know when to renew. */
  version = 0;

  constructor(
    grid: Grid,
    events: LabellingEvents,
    history: StepHistory<Step> = new StepHistory("", null),
  ) {
    this.#histories = history;
    this.grid = grid;
    this.answers = new Answers(grid.count);
    this.selection = new Selection(grid);
    this.#events = events;
  }

  get canUndo(): boolean {
    return this.#histories.canUndo;
  }

  get canRedo(): boolean {
    return this.#histories.canRedo;
  }

  /** Takes the server's labels; answers that have not reached it yet stay as they were given. */
  load(structure: number, labels: readonly Label[]): void {
    this.answers.load(structure, labels, this.grid.columns);
    this.#loaded.add(structure);
    const codes = this.answers.codes(structure);
    for (const [index, code] of this.#events.pending(structure)) {
      if (index < codes.length) codes[index] = code;
    }
    this.#renew();
  }

  get ready(): boolean {
    return this.structure !== null && this.#loaded.has(this.structure);
  }

  choose(structure: number): void {
    this.structure = structure;
    this.#renew();
  }

  answer(indices: Iterable<number>, answer: Answer | null): number {
    // Before the server's labels are here, an answer could be drawn over by an older one.
    if (this.structure === null || !this.ready) return 0;
    const changes = this.answers.paint(this.structure, indices, answer);
    if (changes.length === 0) return 0;
    this.#keep(this.structure, changes);
    return changes.length;
  }

  #keep(structure: number, changes: Change[]): void {
    if (this.#stroke) this.#stroke = join(this.#stroke, changes);
    else this.#histories.push({ structure, changes });
    this.#renew();
    this.#give(structure, changes, "after", false);
  }

  #give(
    structure: number,
    changes: readonly Change[],
    side: "before" | "after",
    undoing: boolean,
  ): void {
    const codes = changes.map((change): [number, Code] => [change.index, change[side]]);
    this.#events.given(structure, codes, undoing);
  }

  /** A key answered the selection: one patch moves on, several stay selected. */
  answerSelection(answer: Answer | null): void {
    if (!this.ready) return;
    const many = this.selection.many;
    this.answer(this.selection.indices(), answer);
    if (!many) this.selection.advance();
    this.#events.changed();
  }

  leaveOut(indices: Iterable<number>): void {
    this.leftOut = new Set(indices);
    this.#renew();
  }

  answerOpen(answer: Answer): number {
    if (this.structure === null) return 0;
    return this.answer(this.answers.open(this.structure, this.leftOut), answer);
  }

  /** Moves the focus to the next patch without an answer; false when there is none. */
  focusNextOpen(): boolean {
    if (this.structure === null) return false;
    const from = this.grid.index(this.selection.focus);
    const index = this.answers.nextOpen(this.structure, from, this.leftOut);
    if (index !== null) this.selection.set(this.grid.cell(index));
    return index !== null;
  }

  /** From here to `endStroke` everything painted is one step for undo. */
  beginStroke(): void {
    this.#stroke = [];
  }

  endStroke(): void {
    const changes = this.#stroke;
    this.#stroke = null;
    if (changes && this.structure !== null) {
      this.#histories.push({ structure: this.structure, changes });
      this.#events.changed();
    }
  }

  cancelStroke(): void {
    const changes = this.#stroke;
    this.#stroke = null;
    if (changes && this.structure !== null)
      this.#replay({ structure: this.structure, changes }, "before");
  }

  undo(): Step | null {
    const step = this.#histories.undo();
    if (step) this.#replay(step, "before");
    return step;
  }

  redo(): Step | null {
    const step = this.#histories.redo();
    if (step) this.#replay(step, "after");
    return step;
  }

  #replay(step: Step, side: "before" | "after"): void {
    this.answers.apply(step.structure, step.changes, side);
    this.#renew();
    this.#give(step.structure, step.changes, side, true);
  }

  #renew(): void {
    this.version += 1;
    this.#events.changed();
  }
}
