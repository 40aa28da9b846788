import "./panel.css";
import type { Answer } from "../api/types";
import { h, icon, setAttribute } from "../ui/dom";
import { hex } from "../viewer/colours";
import { ANSWER_ORDER, type AnswerColours, GLYPHS, WORDS } from "./palette";

export interface BrushesOptions {
  /** What the choice is about, for those who hear it. */
  label: string;
  colours: AnswerColours;
  /** The key that gives an answer. */
  key: (answer: Answer | null) => string;
  choose: (answer: Answer | null) => void;
}

const ALL: readonly (Answer | null)[] = [...ANSWER_ORDER, null];

/** The answer that a click gives from now on; null takes answers back. */
export class Brushes {
  readonly element: HTMLElement;
  readonly #options: BrushesOptions;
  readonly #buttons = new Map<Answer | null, HTMLButtonElement>();

  constructor(options: BrushesOptions) {
    this.#options = options;
    const attrs = { role: "radiogroup", "aria-label": options.label };
    this.element = h("div", { class: "brushes", attrs }, ...ALL.map((one) => this.#button(one)));
  }

  #button(answer: Answer | null): HTMLButtonElement {
    const { colours, key, choose } = this.#options;
    const colour = answer ? hex(colours[answer]) : "var(--mw-line-strong, #6f757b)";
    const sign = { text: answer ? GLYPHS[answer] : "", attrs: { "aria-hidden": "true" } };
    const button = h(
      "button",
      {
        class: "brush",
        attrs: { type: "button", role: "radio", "data-answer": answer ?? "clear" },
        style: { "--brush": colour },
        on: { click: () => choose(answer) },
      },
      h("span", { class: "brush-glyph", ...sign }, answer ? null : icon("eraser")),
      h("span", { class: "brush-word", text: answer ? WORDS[answer] : "Clear" }),
      h("kbd", { class: "key", text: key(answer) }),
    );
    this.#buttons.set(answer, button);
    return button;
  }

  show(chosen: Answer | null): void {
    for (const [answer, button] of this.#buttons) {
      setAttribute(button, "aria-checked", answer === chosen ? "true" : "false");
    }
  }

  set disabled(disabled: boolean) {
    for (const button of this.#buttons.values()) button.disabled = disabled;
  }
}
