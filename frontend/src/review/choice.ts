import type { Structure } from "../api/types";
import { h, setText } from "../ui/dom";

/** Which structure is reviewed, and whether what is decided is shown too. */
export class ChoicePanel {
  readonly element: HTMLElement;
  readonly #structures: Structure[];
  readonly #question = h("p", { class: "structure-question" });
  readonly #select: HTMLSelectElement;
  readonly #decided = h("input", {
    class: "form-check-input",
    attrs: { type: "checkbox" },
  });

  constructor(structures: Structure[], first: Structure, changed: () => void) {
    this.#structures = structures;
    const chosen = (): void => {
      this.#ask();
      changed();
    };
    const options = structures.map(({ id, name }) =>
      h("option", { text: name, attrs: { value: id } }),
    );
    this.#select = h(
      "select",
      {
        class: "form-select form-select-sm",
        attrs: { "aria-label": "Structure" },
        on: { change: chosen },
      },
      ...options,
    );
    this.#select.value = String(first.id);
    this.#decided.addEventListener("change", changed);
    this.element = h(
      "section",
      { class: "work-section" },
      h("h2", { text: "Structure" }),
      structures.length > 1 ? this.#select : null,
      this.#question,
      h("label", { class: "review-check" }, this.#decided, "Show what is decided too"),
    );
    this.#ask();
  }

  get structure(): number {
    return Number(this.#select.value);
  }

  get decided(): boolean {
    return this.#decided.checked;
  }

  #ask(): void {
    const structure = this.#structures.find(({ id }) => id === this.structure);
    setText(this.#question, structure?.question ?? "");
  }
}
