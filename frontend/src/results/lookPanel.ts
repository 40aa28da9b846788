import { h, setAttribute, textButton } from "../ui/dom";
import { heatGradient } from "../viewer/colours";
import type { MapMode } from "../viewer/layers/mapExtension";
import type { Look } from "./state";

const MODES: [MapMode, string][] = [
  ["mask", "Mask"],
  ["outline", "Outline"],
  ["heat", "Heat map"],
];

/** How results are drawn: mask, outline or heat map; opacity; patch scores. */
export class LookPanel {
  readonly element: HTMLElement;
  readonly #look: Look;
  readonly #changed: () => void;
  readonly #legend: HTMLElement;
  readonly #modes = new Map<MapMode, HTMLButtonElement>();

  constructor(look: Look, changed: () => void) {
    this.#look = look;
    this.#changed = changed;
    this.#legend = this.#scale();
    this.element = h(
      "section",
      { class: "work-section" },
      h("h2", { text: "Show as" }),
      this.#modeGroup(),
      this.#opacity(),
      this.#scores(),
      this.#legend,
    );
    this.#update();
  }

  #modeGroup(): HTMLElement {
    const attrs = { role: "group", "aria-label": "Show results as" };
    const buttons = MODES.map(([mode, text]) => {
      const attrs = { "data-mode": mode };
      const button = textButton(text, () => this.#set({ mode }), { attrs });
      this.#modes.set(mode, button);
      return button;
    });
    return h("div", { class: "btn-group w-100", attrs }, ...buttons);
  }

  #opacity(): HTMLElement {
    const slider = h("input", {
      class: "form-range",
      attrs: {
        type: "range",
        min: 0,
        max: 1,
        step: 0.01,
        value: this.#look.opacity,
        id: "opacity",
      },
      on: { input: () => this.#set({ opacity: Number(slider.value) }) },
    });
    const name = h("label", { text: "Opacity", attrs: { for: "opacity" } });
    return h("div", { class: "result-threshold" }, name, slider);
  }

  #scores(): HTMLElement {
    const box = h("input", {
      class: "form-check-input",
      attrs: { type: "checkbox", id: "patch-scores", checked: this.#look.scores },
      on: { change: () => this.#set({ scores: box.checked }) },
    });
    const name = h("label", {
      class: "form-check-label",
      text: "Score of each patch",
      attrs: { for: "patch-scores" },
    });
    return h("div", { class: "form-check result-check" }, box, name);
  }

  #scale(): HTMLElement {
    return h(
      "div",
      { class: "heat-scale" },
      h("span", { text: "0" }),
      h("div", { style: { background: heatGradient() } }),
      h("span", { text: "1" }),
    );
  }

  #set(part: Partial<Look>): void {
    Object.assign(this.#look, part);
    this.#update();
    this.#changed();
  }

  #update(): void {
    for (const [mode, button] of this.#modes) {
      const active = mode === this.#look.mode;
      button.classList.toggle("active", active);
      setAttribute(button, "aria-pressed", String(active));
    }
    this.#legend.hidden = this.#look.mode !== "heat" && !this.#look.scores;
  }
}
