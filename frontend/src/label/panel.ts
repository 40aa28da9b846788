import { type AnswerActions, AnswerPanel, type AnswerState } from "../answers/answerPanel";
import type { AnswerColours } from "../answers/palette";
import type { Answer, Structure } from "../api/types";
import { Examples } from "../known/examples";
import { setText, textButton } from "../ui/dom";
import { integer } from "../ui/format";
import type { Counts } from "./answers";

export interface PanelActions extends AnswerActions {
  /** The rest of what is in sight, or of the image, is no. */
  restNo: (all: boolean) => void;
}

export interface PanelState extends AnswerState {
  counts: Counts;
  /** structure id → number of answered patches */
  answered: Map<number, number>;
  readOnly: boolean;
  /** Patches in sight without an answer. */
  openInSight: number;
}

/** What is answered on the label screen, and what can be said of all that is in sight. */
export class Panel {
  readonly examples: Examples;
  readonly #answers: AnswerPanel;
  readonly #rest: HTMLButtonElement;
  readonly #all: HTMLButtonElement;

  constructor(
    dataset: number,
    structures: Structure[],
    actions: PanelActions,
    colours: AnswerColours,
    key: (answer: Answer | null) => string,
  ) {
    this.examples = new Examples(dataset, colours);
    this.#rest = textButton("", () => actions.restNo(false));
    this.#all = textButton("", () => actions.restNo(true));
    this.#answers = new AnswerPanel({
      structures,
      actions,
      colours,
      key,
      label: "Answer that a click paints",
      beside: [this.examples.element],
      buttons: [this.#rest, this.#all],
    });
  }

  get element(): HTMLElement {
    return this.#answers.element;
  }

  update(state: PanelState): void {
    this.#answers.show(state);
    this.#answers.structures.count(state.answered);
    this.#answers.brushes.disabled = state.readOnly;
    this.examples.show(state.structure);
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
