import "./panel.css";
import type { Answer } from "../api/types";
import { h, setText } from "../ui/dom";
import { integer } from "../ui/format";
import { hex } from "../viewer/colours";
import { ANSWER_ORDER, type AnswerColours, WORDS } from "./palette";

/** How many patches have which answer. */
export class Tally {
  readonly element: HTMLElement;
  readonly #numbers = new Map<Answer, HTMLElement>();

  constructor(colours: AnswerColours) {
    const counts = ANSWER_ORDER.map((answer) => this.#count(answer, hex(colours[answer])));
    this.element = h("p", { class: "label-tally" }, ...counts);
  }

  #count(answer: Answer, colour: string): HTMLElement {
    const number = h("b", { style: { "--tally": colour } });
    this.#numbers.set(answer, number);
    const word = ` ${WORDS[answer].toLowerCase()}`;
    return h("span", { attrs: { "data-count": answer } }, number, word);
  }

  show(counts: Record<Answer, number>): void {
    for (const [answer, number] of this.#numbers) setText(number, integer(counts[answer]));
  }
}
