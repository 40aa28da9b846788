import "./answers.css";
import { h, setText, textButton } from "../ui/dom";
import { integer } from "../ui/format";
import type { Suggestions } from "./suggestions";

export interface SuggestionActions {
  changed: () => void;
  accept: () => void;
}

/** Switches suggestions on, says from which score on, and accepts those of a screen. */
export class SuggestionPanel {
  readonly element: HTMLElement;
  readonly #suggestions: Suggestions;
  readonly #toggle: HTMLInputElement;
  readonly #slider: HTMLInputElement;
  readonly #value = h("output", { class: "channel-values" });
  readonly #accept: HTMLButtonElement;

  constructor(suggestions: Suggestions, actions: SuggestionActions) {
    this.#suggestions = suggestions;
    this.#toggle = h("input", {
      class: "form-check-input",
      attrs: { type: "checkbox" },
      on: {
        change: () => {
          suggestions.on = this.#toggle.checked;
          actions.changed();
        },
      },
    });
    const attrs = { type: "range", min: 0.55, max: 1, step: 0.05, "aria-label": "Suggest from" };
    this.#slider = h("input", {
      class: "form-range",
      attrs,
      on: {
        input: () => {
          suggestions.threshold = Number(this.#slider.value);
          actions.changed();
        },
      },
    });
    this.#accept = textButton("", actions.accept);
    const label = h(
      "label",
      { class: "gallery-check" },
      this.#toggle,
      " Show what the model expects",
    );
    this.element = h(
      "section",
      { class: "work-section" },
      h("h2", { text: "Suggestions" }),
      label,
      h("div", { class: "gallery-range" }, this.#slider, this.#value),
      this.#accept,
    );
  }

  update(onScreen: number): void {
    const { on, threshold } = this.#suggestions;
    this.#toggle.checked = on;
    this.#slider.value = String(threshold);
    this.#slider.disabled = !on;
    setText(this.#value, `≥ ${threshold.toFixed(2)}`);
    this.#accept.disabled = onScreen === 0;
    setText(this.#accept, `Accept those in sight (${integer(onScreen)})`);
  }
}
