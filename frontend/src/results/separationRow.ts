import type { ObjectTable, Separation, SeparationMethod } from "../api/types";
import { h, setText } from "../ui/dom";
import { SmallestField } from "./smallestField";
import { type Result, sameSeparation, separationOf, sized } from "./state";

const METHODS: [SeparationMethod, string][] = [
  ["automatic", "Separate where they narrow"],
  ["none", "Count as one"],
  ["distance", "By distance of middles"],
  ["h-maxima", "By depth of necks"],
];

export interface SeparationActions {
  apply: (separation: Separation) => void;
  /** The objects as they are counted now, or null where they cannot be had. */
  objects: () => Promise<ObjectTable | null>;
}

/** How touching objects of a structure are told apart and how small one may be, in all images of the model. */
export class SeparationRow {
  readonly element: HTMLElement;
  readonly #current: Separation;
  readonly #method: HTMLSelectElement;
  readonly #size: HTMLInputElement;
  readonly #length: HTMLElement;
  readonly #unit = h("span");
  readonly #smallest: SmallestField;
  readonly #apply: HTMLButtonElement;

  constructor(
    result: Result,
    mayChange: boolean,
    pixelUm2: number | null,
    actions: SeparationActions,
  ) {
    const { separation, structure, id } = result.segmentation;
    this.#current = separation;
    this.#method = this.#select(id, mayChange);
    this.#size = this.#input(structure.name, mayChange);
    this.#length = h("div", { class: "result-length" }, this.#size, this.#unit);
    const { objects } = actions;
    const change = () => this.#update();
    this.#smallest = new SmallestField(result, mayChange, pixelUm2, { change, objects });
    this.#apply = h("button", {
      class: "btn btn-sm btn-primary",
      text: "Count all images anew",
      attrs: { type: "button" },
      on: { click: () => actions.apply(this.#wanted()) },
    });
    const name = h("label", { text: "Touching objects", attrs: { for: `separation-${id}` } });
    this.element = h(
      "div",
      { class: "result-separation" },
      name,
      this.#method,
      this.#length,
      ...this.#smallest.elements,
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
    const { text: smallest, unit } = this.#smallest;
    const method = this.#method.value as SeparationMethod;
    return separationOf(method, { size: this.#size.value, smallest, unit });
  }

  #update(): void {
    setText(this.#unit, this.#smallest.unit === "um" ? "µm" : "px");
    this.#length.hidden = !sized(this.#method.value as SeparationMethod);
    this.#apply.hidden = sameSeparation(this.#wanted(), this.#current);
  }
}
