import { Examples } from "../answers/examples";
import type { Answer, Structure } from "../api/types";
import { h, icon, setAttribute, setText } from "../ui/dom";
import { integer } from "../ui/format";
import { hex } from "../viewer/colours";
import type { Counts } from "./answers";
import { ANSWER_ORDER, type AnswerColours, GLYPHS, WORDS } from "./palette";

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

interface StructureRow {
  structure: Structure;
  button: HTMLButtonElement;
  count: HTMLElement;
}

/** Which structure, which answer, how many so far. */
export class Panel {
  readonly element = h("div");
  readonly #actions: PanelActions;
  readonly #colours: AnswerColours;
  readonly #rows: StructureRow[];
  readonly #question = h("p", { class: "structure-question" });
  readonly #description = h("p", { class: "structure-description" });
  readonly #brushes = new Map<Answer | null, HTMLButtonElement>();
  readonly #tally = new Map<Answer, HTMLElement>();
  readonly #rest: HTMLButtonElement;
  readonly #all: HTMLButtonElement;
  readonly #key: (answer: Answer | null) => string;
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
    this.#actions = actions;
    this.#colours = colours;
    this.#key = key;
    this.examples = new Examples(dataset, colours);
    this.#rows = structures.map((structure) => this.#row(structure));
    this.#rest = this.#button("", () => actions.restNo(false));
    this.#all = this.#button("", () => actions.restNo(true));
    this.#undo = this.#button("Undo", () => actions.undo(), "arrow-counterclockwise");
    this.#redo = this.#button("Redo", () => actions.redo(), "arrow-clockwise");
    this.element.append(this.#structures(), this.#answers());
  }

  #structures(): HTMLElement {
    const attrs = { role: "radiogroup", "aria-label": "Structure" };
    return h(
      "section",
      { class: "work-section" },
      h("h2", { text: "Structure" }),
      h("div", { attrs }, ...this.#rows.map((row) => row.button)),
    );
  }

  #row(structure: Structure): StructureRow {
    const count = h("span", { class: "structure-count" });
    const button = h(
      "button",
      {
        class: "structure",
        attrs: { type: "button", role: "radio", "data-structure": structure.id },
        on: { click: () => this.#actions.choose(structure.id) },
      },
      h("span", { class: "structure-chip", style: { background: structure.colour } }),
      h("span", { class: "structure-name", text: structure.name }),
      count,
    );
    return { structure, button, count };
  }

  #answers(): HTMLElement {
    const tally = h(
      "p",
      { class: "label-tally" },
      ...ANSWER_ORDER.map((answer) => this.#count(answer)),
    );
    return h(
      "section",
      { class: "work-section" },
      this.#question,
      this.#description,
      this.examples.element,
      this.#brushGroup(),
      tally,
      h("div", { class: "label-actions" }, this.#undo, this.#redo, this.#rest, this.#all),
    );
  }

  #brushGroup(): HTMLElement {
    const all: (Answer | null)[] = [...ANSWER_ORDER, null];
    const attrs = { role: "radiogroup", "aria-label": "Answer that a click paints" };
    return h("div", { class: "brushes", attrs }, ...all.map((answer) => this.#brush(answer)));
  }

  #brush(answer: Answer | null): HTMLElement {
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
        { class: "brush-glyph", text: answer ? GLYPHS[answer] : "" },
        answer ? null : icon("eraser"),
      ),
      h("span", { class: "brush-word", text: answer ? WORDS[answer] : "Clear" }),
      h("kbd", { class: "key", text: this.#key(answer) }),
    );
    this.#brushes.set(answer, button);
    return button;
  }

  #count(answer: Answer): HTMLElement {
    const number = h("b", { style: { "--tally": hex(this.#colours[answer]) } });
    this.#tally.set(answer, number);
    return h(
      "span",
      { attrs: { "data-count": answer } },
      number,
      ` ${WORDS[answer].toLowerCase()}`,
    );
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
    for (const { structure, button, count } of this.#rows) {
      const chosen = structure.id === state.structure;
      setAttribute(button, "aria-checked", chosen ? "true" : "false");
      setText(count, integer(state.answered.get(structure.id) ?? 0));
      if (!chosen) continue;
      setText(this.#question, structure.question || `Is ${structure.name} here?`);
      setText(this.#description, structure.description);
      this.#description.hidden = !structure.description;
    }
    this.examples.show(state.structure);
    for (const [answer, button] of this.#brushes) {
      setAttribute(button, "aria-checked", answer === state.brush ? "true" : "false");
      button.disabled = state.readOnly;
    }
    for (const [answer, number] of this.#tally) setText(number, integer(state.counts[answer]));
    this.#updateActions(state);
  }

  /** How many patches in sight have no answer: it changes with every step of the camera. */
  rest(open: number): void {
    this.#rest.disabled = open === 0;
    setText(this.#rest, `Rest in sight is no (${integer(open)})`);
  }

  #updateActions(state: PanelState): void {
    this.#undo.disabled = !state.canUndo;
    this.#redo.disabled = !state.canRedo;
    this.rest(state.openInSight);
    this.#all.hidden = state.counts.open <= state.openInSight;
    setText(this.#all, `All ${integer(state.counts.open)} left are no`);
  }
}
