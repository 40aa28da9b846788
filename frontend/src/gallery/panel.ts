import { type AnswerActions, AnswerPanel, type AnswerState } from "../answers/answerPanel";
import type { AnswerColours } from "../answers/palette";
import type { Answer, Structure } from "../api/types";
import { Examples } from "../known/examples";
import { h, setText, textButton } from "../ui/dom";
import { integer, patches } from "../ui/format";

export interface PanelActions extends AnswerActions {
  restNo: () => void;
  leaveOut: () => void;
}

/** The counts are of the patches that are here. */
export interface PanelState extends AnswerState {
  /** What people and a model say of the patch with the focus, where the list is about that. */
  says: string;
  /** On this screen. */
  open: number;
  /** How many patches leaving out is about, and whether all of them are left out already. */
  chosen: number;
  out: boolean;
}

/** What is answered in the gallery, and what a whole screen can be told. */
export class GalleryPanel {
  readonly examples: Examples;
  readonly #answers: AnswerPanel;
  readonly #says = h("p", { class: "gallery-says-all", attrs: { hidden: true } });
  readonly #rest: HTMLButtonElement;
  readonly #out: HTMLButtonElement;

  constructor(
    dataset: number,
    structures: Structure[],
    actions: PanelActions,
    colours: AnswerColours,
    key: (answer: Answer | null) => string,
  ) {
    this.examples = new Examples(dataset, colours);
    this.#rest = textButton("", () => actions.restNo());
    this.#out = textButton("", () => actions.leaveOut());
    this.#answers = new AnswerPanel({
      structures,
      actions,
      colours,
      key,
      label: "Answer that a click gives",
      beside: [this.#says, this.examples.element],
      buttons: [this.#rest, this.#out],
    });
  }

  get element(): HTMLElement {
    return this.#answers.element;
  }

  update(state: PanelState): void {
    this.#answers.show(state);
    setText(this.#says, state.says);
    this.#says.hidden = state.says === "";
    this.examples.show(state.structure);
    this.#rest.disabled = state.open === 0;
    setText(this.#rest, `Rest of this screen is no (${integer(state.open)})`);
    const which = state.chosen > 1 ? patches(state.chosen) : "this patch";
    this.#out.disabled = state.chosen === 0;
    setText(this.#out, state.out ? `Ask about ${which} again` : `Leave out ${which}`);
  }
}
