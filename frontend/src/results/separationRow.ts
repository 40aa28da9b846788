import type { Separation, SeparationMethod } from "../api/types";
import { h } from "../ui/dom";
import { type Result, sameSeparation, separationOf, sized } from "./state";

const METHODS: [SeparationMethod, string][] = [
  ["automatic", "Separate where they narrow"],
  ["none", "Count as one"],
  ["distance", "By distance of middles"],
  ["h-maxima", "By depth of necks"],
];

/** How touching objects of a structure are told apart, in all images of the model. */
export class SeparationRow {
  readonly element: HTMLElement;
  readonly #current: Separation;
  readonly #unit: Separation["unit"];
  readonly #method: HTMLSelectElement;
  readonly #size: HTMLInputElement;
  readonly #length: HTMLElement;
  readonly #apply: HTMLButtonElement;

  constructor(
    result: Result,
    mayChange: boolean,
    micrometres: boolean,
    apply: (separation: Separation) => void,
  ) {
    const { separation, structure, id } = result.segmentation;
    this.#current = separation;
    this.#unit = separation.size === null ? (micrometres ? "um" : "px") : separation.unit;
    this.#method = this.#select(id, mayChange);
    this.#size = this.#input(structure.name, mayChange);
    const unit = h("span", { text: this.#unit === "um" ? "µm" : "px" });
    this.#length = h("div", { class: "result-length" }, this.#size, unit);
    this.#apply = h("button", {
      class: "btn btn-sm btn-primary",
      text: "Count all images anew",
      attrs: { type: "button" },
      on: { click: () => apply(this.#wanted()) },
    });
    const name = h("label", { text: "Touching objects", attrs: { for: `separation-${id}` } });
    this.element = h(
      "div",
      { class: "result-separation" },
      name,
      this.#method,
      this.#length,
      this.#apply,
    );
    this.#update();
  }

  busy(busy: boolean): void {
    this.#apply.disabled = busy;
  }

  #select(id: number, mayChange: boolean): HTMLSelectElement {
    return h(
      "select",
      {
        class: "form-select form-select-sm",
        attrs: { id: `separation-${id}`, disabled: !mayChange },
        on: { change: () => this.#update() },
      },
      ...METHODS.map(([value, text]) =>
        h("option", { text, attrs: { value, selected: value === this.#current.method } }),
      ),
    );
  }

  #input(structure: string, mayChange: boolean): HTMLInputElement {
    const input = h("input", {
      class: "form-control form-control-sm",
      attrs: {
        type: "number",
        min: 0,
        step: "any",
        placeholder: "by the mask",
        disabled: !mayChange,
        "aria-label": `Length for ${structure}`,
      },
      on: { input: () => this.#update() },
    });
    input.value = this.#current.size === null ? "" : String(this.#current.size);
    return input;
  }

  #wanted(): Separation {
    return separationOf(this.#method.value as SeparationMethod, this.#size.value, this.#unit);
  }

  #update(): void {
    this.#length.hidden = !sized(this.#method.value as SeparationMethod);
    this.#apply.hidden = sameSeparation(this.#wanted(), this.#current);
  }
}
