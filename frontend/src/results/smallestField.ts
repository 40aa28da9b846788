import type { ObjectTable, Separation } from "../api/types";
import { h, iconButton, setText } from "../ui/dom";
import { quantity } from "../ui/format";
import { usualArea } from "./objects";
import type { Result } from "./state";

type Unit = Separation["unit"];

const HELP =
  "Smaller ones are left out of counts, tables and files. The mask here still shows them.";
const AREAS: Record<Unit, string> = { px: "px", um: "µm²" };

export interface SmallestEvents {
  change: () => void;
  /** The objects of this image, or null where they cannot be had; asked for when somebody chooses. */
  objects: () => Promise<ObjectTable | null>;
}

/** The area from which on something is an object, and the unit that lengths share with it. */
export class SmallestField {
  readonly elements: HTMLElement[];
  readonly #usual: HTMLElement;
  readonly #defaultPx: number;
  readonly #input: HTMLInputElement;
  readonly #unit: HTMLSelectElement;
  readonly #pixelUm2: number | null;
  readonly #events: SmallestEvents;
  #objects: ObjectTable | null = null;

  /** `pixelUm2`: the area of a pixel, or null where that is not known. */
  constructor(result: Result, mayChange: boolean, pixelUm2: number | null, events: SmallestEvents) {
    const { separation, structure, id, default_smallest_px } = result.segmentation;
    this.#defaultPx = default_smallest_px;
    this.#pixelUm2 = pixelUm2;
    this.#events = events;
    this.#usual = h("p", { class: "result-help", attrs: { id: `smallest-usual-${id}` } });
    this.#input = this.#number(result, mayChange);
    this.#unit = this.#units(structure.name, mayChange, separation);
    const field = h("div", { class: "result-smallest" }, this.#input, this.#unit);
    this.elements = [...this.#named(id), field, this.#usual];
    this.#update();
  }

  get text(): string {
    return this.#input.value;
  }

  get unit(): Unit {
    return this.#unit.value as Unit;
  }

  /** The name of the field, and what it means for who asks: all structures have one. */
  #named(id: number): HTMLElement[] {
    const attrs = { id: `smallest-help-${id}`, hidden: true };
    const help = h("p", { class: "result-help", text: HELP, attrs });
    const ask = iconButton("question-circle", "About the smallest object", toggle, "btn btn-sm");
    ask.setAttribute("aria-controls", help.id);
    ask.ariaExpanded = "false";
    function toggle(): void {
      help.hidden = !help.hidden;
      ask.ariaExpanded = String(!help.hidden);
    }
    const label = h("label", { text: "Smallest object", attrs: { for: `smallest-${id}` } });
    return [h("div", { class: "result-asked" }, label, ask), help];
  }

  #number({ segmentation }: Result, mayChange: boolean): HTMLInputElement {
    const { id, structure, separation } = segmentation;
    const input = h("input", {
      class: "form-control form-control-sm",
      attrs: {
        id: `smallest-${id}`,
        type: "number",
        min: 0,
        step: "any",
        disabled: !mayChange,
        "aria-label": `Smallest object of ${structure.name}`,
        "aria-describedby": `smallest-help-${id} smallest-usual-${id}`,
      },
      on: { input: () => this.#events.change(), focus: () => void this.#look() },
    });
    input.value = separation.smallest === null ? "" : String(separation.smallest);
    return input;
  }

  #units(structure: string, mayChange: boolean, separation: Separation): HTMLSelectElement {
    const given = separation.size !== null || separation.smallest !== null;
    const chosen = given ? separation.unit : this.#pixelUm2 === null ? "px" : "um";
    const units: Unit[] = this.#pixelUm2 === null && chosen === "px" ? ["px"] : ["px", "um"];
    return h(
      "select",
      {
        class: "form-select form-select-sm",
        attrs: {
          disabled: !mayChange || units.length === 1,
          "aria-label": `Unit for ${structure}`,
        },
        on: {
          change: () => {
            this.#update();
            this.#events.change();
          },
        },
      },
      ...units.map((value) =>
        h("option", { text: AREAS[value], attrs: { value, selected: value === chosen } }),
      ),
    );
  }

  async #look(): Promise<void> {
    this.#objects ??= await this.#events.objects();
    this.#update();
  }

  #update(): void {
    const { unit } = this;
    const usual = this.#objects && usualArea(this.#objects, unit);
    const here = usual ? `The usual object here has ${quantity(usual)}\u00a0${AREAS[unit]}.` : "";
    setText(this.#usual, here);
    this.#usual.hidden = here === "";
    this.#input.placeholder = this.#default();
  }

  #default(): string {
    const px = this.#defaultPx;
    if (this.unit === "px") return String(px);
    return this.#pixelUm2 === null ? `${px} px` : `${quantity(px * this.#pixelUm2)} (${px} px)`;
  }
}
