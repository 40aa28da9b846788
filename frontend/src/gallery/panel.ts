import { Examples } from "../answers/examples";
import type { Answer, Structure } from "../api/types";
import { ANSWER_ORDER, type AnswerColours, GLYPHS, WORDS } from "../label/palette";
import { h, icon, setAttribute, setText } from "../ui/dom";
import { integer, patches } from "../ui/format";
import { hex } from "../viewer/colours";

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
  readonly #actions: PanelActions;
  readonly #colours: AnswerColours;
  readonly #structures: Structure[];
  readonly #buttons = new Map<number, HTMLButtonElement>();
  readonly #brushes = new Map<Answer | null, HTMLButtonElement>();
  readonly #tally = new Map<Answer, HTMLElement>();
  readonly #question = h("p", { class: "structure-question" });
  readonly #description = h("p", { class: "structure-description" });
  readonly #says = h("p", { class: "gallery-says-all", attrs: { hidden: true } });
  readonly #rest: HTMLButtonElement;
  readonly #out: HTMLButtonElement;
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  readonly examples: Examples;

  constructor(
    dataset: number,
    structures: Structure[],
    actions: PanelActions,
    colours: AnswerColours,
    key: (answer: Answer | null) => string,
  ) {
    this.#structures = structures;
    this.#actions = actions;
    this.#colours = colours;
    this.examples = new Examples(dataset, colours);
    this.#rest = this.#button("", () => actions.restNo());
    this.#out = this.#button("", () => actions.leaveOut());
    this.#undo = this.#button("Undo", () => actions.undo(), "arrow-counterclockwise");
    this.#redo = this.#button("Redo", () => actions.redo(), "arrow-clockwise");
    this.element.append(this.#structureSection(), this.#answerSection(key));
  }

  #structureSection(): HTMLElement {
    const attrs = { role: "radiogroup", "aria-label": "Structure" };
    const rows = this.#structures.map((structure) => this.#row(structure));
    return h(
      "section",
      { class: "work-section" },
      h("h2", { text: "Structure" }),
      h("div", { attrs }, ...rows),
    );
  }

  #row({ id, name, colour }: Structure): HTMLButtonElement {
    const button = h(
      "button",
      {
        class: "structure",
        attrs: { type: "button", role: "radio", "data-structure": id },
        on: { click: () => this.#actions.choose(id) },
      },
      h("span", { class: "structure-chip", style: { background: colour } }),
      h("span", { class: "structure-name", text: name }),
    );
    this.#buttons.set(id, button);
    return button;
  }

  #answerSection(key: (answer: Answer | null) => string): HTMLElement {
    const all: (Answer | null)[] = [...ANSWER_ORDER, null];
    const attrs = { role: "radiogroup", "aria-label": "Answer that a click gives" };
    return h(
      "section",
      { class: "work-section" },
      this.#question,
      this.#description,
      this.#says,
      this.examples.element,
      h("div", { class: "brushes", attrs }, ...all.map((one) => this.#brush(one, key(one)))),
      h("p", { class: "label-tally" }, ...ANSWER_ORDER.map((answer) => this.#count(answer))),
      h("div", { class: "label-actions" }, this.#undo, this.#redo, this.#rest, this.#out),
    );
  }

  #brush(answer: Answer | null, key: string): HTMLElement {
    const colour = answer ? hex(this.#colours[answer]) : "var(--mw-line-strong, #6f757b)";
    const button = h(
      "button",
      {
        class: "brush",
        attrs: { type: "button", role: "radio", "data-answer": answer ?? "clear" },
        style: { "--brush": colour },
        on: { click: () => this.#actions.brush(answer) },
      },
      h(
        "span",
        {
          class: "brush-glyph",
          text: answer ? GLYPHS[answer] : "",
          attrs: { "aria-hidden": true },
        },
        answer ? null : icon("eraser"),
      ),
      h("span", { class: "brush-word", text: answer ? WORDS[answer] : "Clear" }),
      h("kbd", { class: "key", text: key }),
    );
    this.#brushes.set(answer, button);
    return button;
  }

  #count(answer: Answer): HTMLElement {
    const number = h("b", { style: { "--tally": hex(this.#colours[answer]) } });
    this.#tally.set(answer, number);
    const word = ` ${WORDS[answer].toLowerCase()}`;
    return h("span", { attrs: { "data-count": answer } }, number, word);
  }

  #button(text: string, click: () => void, name?: string): HTMLButtonElement {
    return h(
      "button",
      { class: "btn btn-sm btn-outline-secondary", attrs: { type: "button" }, on: { click } },
      name ? icon(name) : null,
      name ? ` ${text}` : text,
    );
  }

  update(state: PanelState): void {
    const chosen = this.#structures.find(({ id }) => id === state.structure);
    for (const [id, button] of this.#buttons) {
      setAttribute(button, "aria-checked", id === state.structure ? "true" : "false");
    }
    setText(this.#question, chosen?.question || `Is ${chosen?.name ?? "it"} here?`);
    setText(this.#description, chosen?.description ?? "");
    this.#description.hidden = !chosen?.description;
    setText(this.#says, state.says);
    this.#says.hidden = state.says === "";
    this.examples.show(state.structure);
    for (const [answer, button] of this.#brushes) {
      setAttribute(button, "aria-checked", answer === state.brush ? "true" : "false");
    }
    for (const [answer, number] of this.#tally) setText(number, integer(state.counts[answer]));
    this.#undo.disabled = !state.canUndo;
    this.#redo.disabled = !state.canRedo;
    this.#rest.disabled = state.open === 0;
    const which = state.chosen > 1 ? patches(state.chosen) : "this patch";
    this.#out.disabled = state.chosen === 0;
    setText(this.#out, state.out ? `Ask about ${which} again` : `Leave out ${which}`);
    setText(this.#rest, `Rest of this screen is no (${integer(state.open)})`);
  }
}
