import type { Code } from "../answers/code";
import type { Answer, Label } from "../api/types";
import { StepHistory } from "../saving/history";
import type { Grid } from "../viewer/grid";
import { Answers, type Change } from "./answers";
import { type AnswerStep, join, type Step } from "./history";
import { Selection } from "./selection";

export interface LabellingEvents {
  /** Something to draw changed. */
  changed: () => void;
  /** These answers are to be sent: each patch with its code. */
  given: (structure: number, codes: [index: number, code: Code][], undoing: boolean) => void;
  /** Whether a manager waits for another answer about a patch, be it the same. */
  awaited: (structure: number, index: number) => boolean;
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
    const { structure } = this;
    const awaited = (index: number) => this.#events.awaited(structure, index);
    const changes = this.answers.paint(structure, indices, answer, awaited);
    if (changes.length === 0) return 0;
    this.#keep(structure, changes);
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

  /** A key answered the selection: one patch moves on, several stay selected. Returns how many changed. */
  answerSelection(answer: Answer | null): number {
    if (!this.ready) return 0;
    const many = this.selection.many;
    const changed = this.answer(this.selection.indices(), answer);
    if (!many) this.#advance();
    this.#events.changed();
    return changed;
  }

  /** On to the next patch in reading order that is asked about; stays where there is none. */
  #advance(): void {
    let next = this.grid.index(this.selection.focus) + 1;
    while (this.leftOut.has(next)) next += 1;
    if (next < this.grid.count) this.selection.set(this.grid.cell(next));
  }

  /** Several answers as one step for undo. */
  answerEach(answers: ReadonlyMap<number, Answer>): number {
    this.beginStroke();
    let changed = 0;
    for (const answer of new Set(answers.values())) {
      const those = [...answers.keys()].filter((index) => answers.get(index) === answer);
      changed += this.answer(those, answer);
    }
    this.endStroke();
    return changed;
  }

  leaveOut(indices: Iterable<number>): void {
    this.leftOut = new Set(indices);
    this.#renew();
  }

  /** Leaving patches out is a step of the history too; the server has done it already. */
  keepLeftOut(changes: number[], out: boolean): void {
    this.#histories.push({ leftOut: out, changes });
    this.#events.changed();
  }

  /** Of these patches, or of all, those that are asked about and have no answer. */
  open(among?: readonly number[]): number[] {
    if (this.structure === null || !this.ready) return [];
    if (!among) return this.answers.open(this.structure, this.leftOut);
    const codes = this.answers.codes(this.structure);
    return among.filter((index) => codes[index] === 0 && !this.leftOut.has(index));
  }

  answerOpen(answer: Answer, among?: readonly number[]): number {
    return this.answer(this.open(among), answer);
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

  /** Takes the last step back; one that left patches out is for the server to take back first. */
  undo(): Step | null {
    const step = this.#histories.undo();
    if (step && "structure" in step) this.#replay(step, "before");
    return step;
  }

  redo(): Step | null {
    const step = this.#histories.redo();
    if (step && "structure" in step) this.#replay(step, "after");
    return step;
  }

  /** The server refused to do or undo a step: it stands where it stood. */
  revert(undone: boolean): void {
    if (undone) this.#histories.redo();
    else this.#histories.undo();
    this.#events.changed();
  }

  #replay(step: AnswerStep, side: "before" | "after"): void {
    this.answers.apply(step.structure, step.changes, side);
    this.#renew();
    this.#give(step.structure, step.changes, side, true);
  }

  #renew(): void {
    this.version += 1;
    this.#events.changed();
  }
}
