import { ANSWER_ORDER, GLYPHS, WORDS } from "../answers/palette";
import type { Answer } from "../api/types";
import { spoken } from "../keys/keymap";
import { h, icon, setAttribute, setText } from "../ui/dom";
import { pages } from "../ui/pages";
import type { ReviewCommand } from "./keys";
import type { Disputed, ReviewImage } from "./types";

export interface VerdictActions {
  decide: (answer: Answer) => void;
  undo: () => void;
}

/** Who said what about the patch in sight, and what the manager says. */
export class VerdictPanel {
  readonly element: HTMLElement;
  readonly #actions: VerdictActions;
  readonly #key: (command: ReviewCommand) => string;
  readonly #where = h("a", { class: "review-where" });
  readonly #said = h("dl", { class: "review-said" });
  readonly #probable = h("p", { class: "work-hint" });
  readonly #buttons = new Map<Answer, HTMLButtonElement>();
  readonly #undo: HTMLButtonElement;

  constructor(actions: VerdictActions, key: (command: ReviewCommand) => string) {
    this.#actions = actions;
    this.#key = key;
    this.#undo = h(
      "button",
      {
        class: "btn btn-sm btn-outline-secondary",
        attrs: { type: "button" },
        on: { click: () => actions.undo() },
      },
      icon("arrow-counterclockwise"),
      " Undo ",
      h("kbd", { class: "key", text: spoken(key("undo")) }),
    );
    const heading = h("h2", { text: "Who said what" });
    this.element = h(
      "div",
      {},
      h("section", { class: "work-section" }, heading, this.#where, this.#said, this.#probable),
      h(
        "section",
        { class: "work-section" },
        h("h2", { text: "Decide" }),
        h("div", { class: "review-decide" }, ...ANSWER_ORDER.map((answer) => this.#button(answer))),
        this.#undo,
      ),
    );
  }

  #button(answer: Answer): HTMLButtonElement {
    const button = h(
      "button",
      {
        class: "btn btn-outline-secondary",
        attrs: { type: "button", "data-decide": answer, "aria-pressed": "false" },
        on: { click: () => this.#actions.decide(answer) },
      },
      h("span", {
        class: `answer-${answer}`,
        text: GLYPHS[answer],
        attrs: { "aria-hidden": "true" },
      }),
      ` ${WORDS[answer]} `,
      h("kbd", { class: "key", text: spoken(this.#key(answer)) }),
    );
    this.#buttons.set(answer, button);
    return button;
  }

  show(item: Disputed, structure: number, image: ReviewImage | undefined, canUndo: boolean): void {
    setText(
      this.#where,
      `${image?.name ?? "Image"}, row ${item.row + 1}, column ${item.column + 1}`,
    );
    this.#where.href = pages.label(item.image, { ...item, structure });
    this.#said.replaceChildren(
      ...item.answers.flatMap(({ annotator, value }) => [
        h("dt", { text: annotator }),
        h("dd", { class: `answer-${value}`, text: `${GLYPHS[value]} ${WORDS[value]}` }),
      ]),
    );
    const percent = Math.round(item.probability * 100);
    setText(
      this.#probable,
      `By how reliable these people are, yes is ${percent} % probable (Dawid and Skene).`,
    );
    for (const [answer, button] of this.#buttons) {
      setAttribute(button, "aria-pressed", item.decision === answer ? "true" : "false");
    }
    this.#undo.disabled = !canUndo;
  }
}
