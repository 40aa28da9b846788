import "./panel.css";
import type { Structure } from "../api/types";
import { h, setText } from "../ui/dom";

/** What is asked about a patch, and what the structure looks like. */
export class Question {
  readonly elements: readonly [HTMLElement, HTMLElement];
  readonly #question = h("p", { class: "structure-question" });
  readonly #description = h("p", { class: "structure-description" });

  constructor() {
    this.elements = [this.#question, this.#description];
  }

  show({ name, question, description }: Structure): void {
    setText(this.#question, question || `Is ${name} here?`);
    setText(this.#description, description);
    this.#description.hidden = !description;
  }
}
