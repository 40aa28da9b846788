import "./panel.css";
import type { Structure } from "../api/types";
import { h, setAttribute, setText } from "../ui/dom";
import { integer } from "../ui/format";

interface Row {
  button: HTMLButtonElement;
  count: HTMLElement;
}

/** Which structure is asked about, of those that the project has. */
export class StructureChooser {
  readonly element: HTMLElement;
  readonly #structures: readonly Structure[];
  readonly #choose: (structure: number) => void;
  readonly #rows = new Map<number, Row>();
  #chosen: number | null = null;

  constructor(structures: readonly Structure[], choose: (structure: number) => void) {
    this.#structures = structures;
    this.#choose = choose;
    const attrs = { role: "radiogroup", "aria-label": "Structure" };
    const buttons = structures.map((structure) => this.#button(structure));
    this.element = h(
      "section",
      { class: "work-section" },
      h("h2", { text: "Structure" }),
      h("div", { class: "structures", attrs }, ...buttons),
    );
  }

  #button({ id, name, colour }: Structure): HTMLButtonElement {
    const count = h("span", { class: "structure-count", attrs: { hidden: true } });
    const button = h(
      "button",
      {
        class: "structure",
        attrs: { type: "button", role: "radio", "data-structure": id },
        on: { click: () => this.#choose(id) },
      },
      h("span", { class: "structure-chip", style: { background: colour } }),
      h("span", { class: "structure-name", text: name }),
      count,
    );
    this.#rows.set(id, { button, count });
    return button;
  }

  /** Marks the chosen one, and returns it. */
  show(chosen: number | null): Structure | undefined {
    for (const [id, { button }] of this.#rows) {
      setAttribute(button, "aria-checked", id === chosen ? "true" : "false");
      if (id === chosen && chosen !== this.#chosen) button.scrollIntoView({ block: "nearest" });
    }
    this.#chosen = chosen;
    return this.#structures.find(({ id }) => id === chosen);
  }

  /** How many patches have an answer about each structure. */
  count(answered: ReadonlyMap<number, number>): void {
    for (const [id, { count }] of this.#rows) {
      count.hidden = false;
      setText(count, integer(answered.get(id) ?? 0));
    }
  }
}
