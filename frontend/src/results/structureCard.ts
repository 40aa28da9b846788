import type { ObjectTable, Separation, Thresholds } from "../api/types";
import { h, setText } from "../ui/dom";
import { area, counted, dotted, percent } from "../ui/format";
import { referenceFacts } from "./reference";
import { SeparationRow } from "./separationRow";
import { changed, type Result } from "./state";
import { thresholdSelect } from "./thresholdSelect";

export interface CardActions {
  choose: (result: Result) => void;
  show: (result: Result, visible: boolean) => void;
  threshold: (result: Result, threshold: number) => void;
  apply: (result: Result) => void;
  /** The thresholds that the map suggests, or null where they cannot be had. */
  suggest: (result: Result) => Promise<Thresholds | null>;
  separate: (result: Result, separation: Separation) => void;
  /** The objects as they are counted now, or null where they cannot be had. */
  objectsOf: (result: Result) => Promise<ObjectTable | null>;
}

/** One structure: shown or not, what was found, and where its threshold stands. */
export class StructureCard {
  readonly element: HTMLElement;
  readonly result: Result;
  readonly #actions: CardActions;
  readonly #facts = h("p", { class: "result-facts" });
  readonly #reference = h("p", {
    class: "result-reference",
    attrs: { title: "Compared with the mask or the shapes that were imported for this image" },
  });
  readonly #value = h("output", { class: "channel-values" });
  readonly #slider: HTMLInputElement;
  readonly #apply: HTMLButtonElement;
  readonly #reset: HTMLButtonElement;
  readonly #row: HTMLElement;
  readonly #separation: SeparationRow;
  readonly #status = h("span", { class: "work-hint", attrs: { role: "status" } });

  constructor(result: Result, actions: CardActions, mayChange: boolean, pixelUm2: number | null) {
    this.result = result;
    this.#actions = actions;
    const { structure } = result.segmentation;
    this.#slider = this.#thresholdSlider();
    this.#apply = this.#button("Apply", () => actions.apply(result), "btn-primary");
    this.#apply.title = "Make the mask and the objects anew with this threshold";
    this.#reset = this.#button("Reset", () => this.#set(result.segmentation.threshold), "btn-link");
    this.#row = h(
      "div",
      { class: "result-apply" },
      mayChange ? this.#apply : null,
      this.#reset,
      this.#status,
    );
    this.#separation = new SeparationRow(result, mayChange, pixelUm2, {
      apply: (separation) => actions.separate(result, separation),
      objects: () => actions.objectsOf(result),
    });
    this.element = h(
      "div",
      { class: "result", attrs: { "data-structure": structure.id } },
      this.#head(),
      this.#facts,
      this.#reference,
      h(
        "div",
        { class: "result-threshold" },
        thresholdSelect(
          result,
          () => actions.suggest(result),
          (value) => this.#set(value),
        ),
        this.#slider,
        this.#value,
      ),
      this.#row,
      this.#separation.element,
    );
    this.update(false);
  }

  #button(text: string, click: () => void, kind: string): HTMLButtonElement {
    return h("button", {
      class: `btn btn-sm ${kind}`,
      text,
      attrs: { type: "button" },
      on: { click },
    });
  }

  #head(): HTMLElement {
    const { structure, id } = this.result.segmentation;
    const visible = h("input", {
      class: "form-check-input",
      attrs: {
        type: "checkbox",
        checked: this.result.visible,
        "aria-label": `Show ${structure.name}`,
        id: `show-${id}`,
      },
      on: { change: () => this.#actions.show(this.result, visible.checked) },
    });
    const name = h("button", {
      class: "result-name",
      text: structure.name,
      attrs: { type: "button", title: "Choose for heat map, patch scores and objects" },
      on: { click: () => this.#actions.choose(this.result) },
    });
    const chip = h("span", { class: "structure-chip", style: { background: structure.colour } });
    return h("div", { class: "result-head" }, visible, chip, name);
  }

  #thresholdSlider(): HTMLInputElement {
    const { structure } = this.result.segmentation;
    const slider = h("input", {
      class: "form-range",
      attrs: {
        type: "range",
        min: 0.01,
        max: 0.99,
        step: 0.01,
        "aria-label": `Threshold of ${structure.name}`,
      },
      on: { input: () => this.#actions.threshold(this.result, Number(slider.value)) },
    });
    slider.value = String(this.result.threshold);
    return slider;
  }

  #set(threshold: number): void {
    this.#slider.value = String(threshold);
    this.#actions.threshold(this.result, threshold);
  }

  status(text: string): void {
    setText(this.#status, text);
    this.#apply.disabled = text !== "";
    this.#separation.busy(text !== "");
    this.update(this.element.classList.contains("chosen"));
  }

  update(chosen: boolean): void {
    const { segmentation, threshold } = this.result;
    const parts = [
      counted(segmentation.object_count, "object"),
      `${percent(segmentation.area_fraction)} of the area`,
      segmentation.area_um2 === null ? "" : area(segmentation.area_um2),
    ];
    const moved = changed(this.result);
    if (moved) parts.push(`counted at ${segmentation.threshold.toFixed(2)}`);
    setText(this.#facts, dotted(parts));
    this.#facts.classList.toggle("stale", moved);
    const against = referenceFacts(segmentation.against_reference);
    setText(this.#reference, against);
    this.#reference.hidden = against === "";
    this.#reference.classList.toggle("stale", moved);
    setText(this.#value, threshold.toFixed(2));
    this.#row.hidden = !moved && this.#status.textContent === "";
    this.element.classList.toggle("chosen", chosen);
  }
}
