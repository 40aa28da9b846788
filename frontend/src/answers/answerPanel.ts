import type { Answer, Structure } from "../api/types";
import { h } from "../ui/dom";
import { Brushes } from "./brushes";
import type { AnswerColours } from "./palette";
import { Question } from "./question";
import { StructureChooser } from "./structureChooser";
import { Tally } from "./tally";
import { UndoButtons } from "./undoButtons";

export interface AnswerActions {
  choose: (structure: number) => void;
  /** The answer that a click gives from now on. */
  brush: (answer: Answer | null) => void;
  undo: () => void;
  redo: () => void;
}

export interface AnswerPanelOptions {
  structures: readonly Structure[];
  actions: AnswerActions;
  colours: AnswerColours;
  /** The key that gives an answer. */
  key: (answer: Answer | null) => string;
  /** What the choice of an answer is about, for those who hear it. */
  label: string;
  /** Between the question and the answers. */
  beside: readonly HTMLElement[];
  /** What else can be done, beside undo. */
  buttons: readonly HTMLButtonElement[];
}

export interface AnswerState {
  structure: number | null;
  brush: Answer | null;
  counts: Record<Answer, number>;
  canUndo: boolean;
  canRedo: boolean;
}

/** Which structure, which answer, how many so far: on every screen where patches are answered. */
export class AnswerPanel {
  readonly element = h("div");
  readonly structures: StructureChooser;
  readonly brushes: Brushes;
  readonly #question = new Question();
  readonly #tally: Tally;
  readonly #undo: UndoButtons;

  constructor(options: AnswerPanelOptions) {
    const { structures, actions, colours, key, label, beside, buttons } = options;
    this.structures = new StructureChooser(structures, actions.choose);
    this.brushes = new Brushes({ label, colours, key, choose: actions.brush });
    this.#tally = new Tally(colours);
    this.#undo = new UndoButtons(actions);
    const answers = h(
      "section",
      { class: "work-section" },
      ...this.#question.elements,
      ...beside,
      this.brushes.element,
      this.#tally.element,
      h("div", { class: "label-actions" }, ...this.#undo.elements, ...buttons),
    );
    this.element.append(this.structures.element, answers);
  }

  show(state: AnswerState): void {
    const chosen = this.structures.show(state.structure);
    if (chosen) this.#question.show(chosen);
    this.brushes.show(state.brush);
    this.#tally.show(state.counts);
    this.#undo.show(state);
  }
}
