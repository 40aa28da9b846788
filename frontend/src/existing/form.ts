import type { Structure } from "../api/types";
import { h } from "../ui/dom";
import type { Choices } from "./outcome";

export interface FormEvents {
  files: (files: File[]) => void;
  changed: () => void;
}

/** Which files, and what they are to become. */
export class ExistingForm {
  readonly element: HTMLElement;
  readonly #structure: HTMLSelectElement;
  readonly #answers = box("Answer the patches, as myself", true);
  readonly #reference = box("Keep as reference to compare results with", false);
  readonly #annotators = box("Keep the annotators that a table names", false);

  constructor(structures: Structure[], manager: boolean, events: FormEvents) {
    const options = structures.map(({ id, name }) =>
      h("option", { text: name, attrs: { value: id } }),
    );
    this.#structure = h("select", { class: "form-select", attrs: { id: "structure" } }, ...options);
    this.#reference.input.checked = manager;
    const input = h("input", {
      attrs: { type: "file", id: "files", multiple: true },
      on: { change: () => events.files([...(input.files ?? [])]) },
    });
    const managers = manager ? [this.#reference.label, this.#annotators.label] : [];
    this.element = h(
      "div",
      { class: "form-stack", on: { change: () => events.changed() } },
      field("Files", "files", input),
      field("What the masks show", "structure", this.#structure),
      h("fieldset", { class: "field" }, this.#answers.label, ...managers),
    );
  }

  get choices(): Choices {
    return {
      structure: Number(this.#structure.value),
      answers: this.#answers.input.checked,
      reference: this.#reference.input.checked,
      annotators: this.#annotators.input.checked,
    };
  }
}

function field(text: string, id: string, control: HTMLElement): HTMLElement {
  return h("div", { class: "field" }, h("label", { text, attrs: { for: id } }), control);
}

function box(text: string, checked: boolean): { input: HTMLInputElement; label: HTMLElement } {
  const input = h("input", { attrs: { type: "checkbox" } });
  input.checked = checked;
  const label = h("label", { class: "d-flex align-items-center gap-2" }, input, text);
  return { input, label };
}
