import { Brushes } from "../answers/brushes";
import type { AnswerColours } from "../answers/palette";
import { Question } from "../answers/question";
import { StructureChooser } from "../answers/structureChooser";
import { Tally } from "../answers/tally";
import { UndoButtons } from "../answers/undoButtons";
import type { Answer, Structure } from "../api/types";
import { Examples } from "../known/examples";
import { h, setText, textButton } from "../ui/dom";
import { integer, patches } from "../ui/format";

export interface PanelActions {
  choose: (structure: number) => void;
  /** The answer that a click gives from now on. */
  brush: (answer: Answer | null) => void;
  restNo: () => void;
  leaveOut: () => void;
  undo: () => void;
  redo: () => void;
}

export interface PanelState {
  structure: number;
  brush: Answer | null;
  /** Of the patches that are here. */
  counts: Record<Answer, number>;
  /** What people and a model say of the patch with the focus, where the list is about that. */
  says: string;
  /** On this screen. */
  open: number;
  /** How many patches leaving out is about, and whether all of them are left out already. */
  chosen: number;
  out: boolean;
  canUndo: boolean;
  canRedo: boolean;
}

/** Which structure, which answer, and what a whole screen can be told. */
export class GalleryPanel {
  readonly element = h("div");
  readonly examples: Examples;
  readonly #structures: StructureChooser;
  readonly #question = new Question();
  readonly #says = h("p", { class: "gallery-says-all", attrs: { hidden: true } });
  readonly #brushes: Brushes;
  readonly #tally: Tally;
  readonly #undo: UndoButtons;
  readonly #rest: HTMLButtonElement;
  readonly #out: HTMLButtonElement;

  constructor(
    dataset: number,
    structures: Structure[],
    actions: PanelActions,
    colours: AnswerColours,
    key: (answer: Answer | null) => string,
  ) {
    const label = "Answer that a click gives";
    this.examples = new Examples(dataset, colours);
    this.#structures = new StructureChooser(structures, actions.choose);
    this.#brushes = new Brushes({ label, colours, key, choose: actions.brush });
    this.#tally = new Tally(colours);
    this.#undo = new UndoButtons(actions);
    this.#rest = textButton("", () => actions.restNo());
    this.#out = textButton("", () => actions.leaveOut());
    this.element.append(this.#structures.element, this.#answers());
  }

  #answers(): HTMLElement {
    return h(
      "section",
      { class: "work-section" },
      ...this.#question.elements,
      this.#says,
      this.examples.element,
      this.#brushes.element,
      this.#tally.element,
      h("div", { class: "label-actions" }, ...this.#undo.elements, this.#rest, this.#out),
    );
  }

  update(state: PanelState): void {
    const chosen = this.#structures.show(state.structure);
    if (chosen) this.#question.show(chosen);
    setText(this.#says, state.says);
    this.#says.hidden = state.says === "";
    this.examples.show(state.structure);
    this.#brushes.show(state.brush);
    this.#tally.show(state.counts);
    this.#undo.show(state);
    this.#rest.disabled = state.open === 0;
    setText(this.#rest, `Rest of this screen is no (${integer(state.open)})`);
    const which = state.chosen > 1 ? patches(state.chosen) : "this patch";
    this.#out.disabled = state.chosen === 0;
    setText(this.#out, state.out ? `Ask about ${which} again` : `Leave out ${which}`);
  }
}
