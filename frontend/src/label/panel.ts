import { Brushes } from "../answers/brushes";
import type { AnswerColours } from "../answers/palette";
import { Question } from "../answers/question";
import { StructureChooser } from "../answers/structureChooser";
import { Tally } from "../answers/tally";
import { UndoButtons } from "../answers/undoButtons";
import type { Answer, Structure } from "../api/types";
import { Examples } from "../known/examples";
import { h, setText, textButton } from "../ui/dom";
import { integer } from "../ui/format";
import type { Counts } from "./answers";

export interface PanelActions {
  choose: (structure: number) => void;
  /** The answer a click paints from now on. */
  brush: (answer: Answer | null) => void;
  /** The rest of what is in sight, or of the image, is no. */
  restNo: (all: boolean) => void;
  undo: () => void;
  redo: () => void;
}

export interface PanelState {
  structure: number | null;
  brush: Answer | null;
  counts: Counts;
  /** structure id → number of answered patches */
  answered: Map<number, number>;
  canUndo: boolean;
  canRedo: boolean;
  readOnly: boolean;
  /** Patches in sight without an answer. */
  openInSight: number;
}

/** Which structure, which answer, how many so far. */
export class Panel {
  readonly element = h("div");
  readonly examples: Examples;
  readonly #structures: StructureChooser;
  readonly #question = new Question();
  readonly #brushes: Brushes;
  readonly #tally: Tally;
  readonly #undo: UndoButtons;
  readonly #rest: HTMLButtonElement;
  readonly #all: HTMLButtonElement;

  constructor(
    dataset: number,
    structures: Structure[],
    actions: PanelActions,
    colours: AnswerColours,
    key: (answer: Answer | null) => string,
  ) {
    const label = "Answer that a click paints";
    this.examples = new Examples(dataset, colours);
    this.#structures = new StructureChooser(structures, actions.choose);
    this.#brushes = new Brushes({ label, colours, key, choose: actions.brush });
    this.#tally = new Tally(colours);
    this.#undo = new UndoButtons(actions);
    this.#rest = textButton("", () => actions.restNo(false));
    this.#all = textButton("", () => actions.restNo(true));
    this.element.append(this.#structures.element, this.#answers());
  }

  #answers(): HTMLElement {
    return h(
      "section",
      { class: "work-section" },
      ...this.#question.elements,
      this.examples.element,
      this.#brushes.element,
      this.#tally.element,
      h("div", { class: "label-actions" }, ...this.#undo.elements, this.#rest, this.#all),
    );
  }

  update(state: PanelState): void {
    const chosen = this.#structures.show(state.structure);
    this.#structures.count(state.answered);
    if (chosen) this.#question.show(chosen);
    this.examples.show(state.structure);
    this.#brushes.show(state.brush);
    this.#brushes.disabled = state.readOnly;
    this.#tally.show(state.counts);
    this.#undo.show(state);
    this.rest(state.openInSight);
    this.#all.hidden = state.counts.open <= state.openInSight;
    setText(this.#all, `All ${integer(state.counts.open)} left are no`);
  }

  /** How many patches in sight have no answer: it changes with every step of the camera. */
  rest(open: number): void {
    this.#rest.disabled = open === 0;
    setText(this.#rest, `Rest in sight is no (${integer(open)})`);
  }
}
