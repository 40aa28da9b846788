import { h } from "../ui/dom";
import type { Filter, GalleryImage, Order } from "./types";

export interface FilterActions {
  changed: (filter: Filter) => void;
  perScreen: (count: number) => void;
}

type Choice = [value: string, words: string];

const STATES: Choice[] = [
  ["unanswered", "Without my answer"],
  ["all", "All"],
  ["mine", "With my answer"],
  ["yes", "My yes"],
  ["no", "My no"],
  ["unsure", "My unsure"],
];
const DISAGREEMENT: Choice = ["disagreement", "People disagree"];
const ORDERS: [Order, string][] = [
  ["image", "Image by image"],
  ["random", "Random"],
  ["uncertain", "Least certain first"],
  ["certain", "Most certain first"],
];
const CONTRADICTION: Choice = ["contradiction", "Contradictions first"];
const SIMILAR: Choice = ["similar", "Like the chosen patch"];
const SCREENS = [50, 80, 120, 200, 300, 400];

function select(label: string, choices: readonly Choice[], changed: (value: string) => void) {
  const id = `filter-${label.toLowerCase().replaceAll(" ", "-")}`;
  const options = choices.map(([value, words]) => h("option", { text: words, attrs: { value } }));
  const control = h(
    "select",
    { class: "form-select form-select-sm", attrs: { id }, on: { change: set } },
    ...options,
  );
  function set(): void {
    changed(control.value);
  }
  const words = h("label", { text: label, attrs: { for: id } });
  return { row: h("div", { class: "gallery-filter" }, words, control), control };
}

/** Which patches are shown, in which order, and how many at once. */
export class Filters {
  readonly element: HTMLElement;
  readonly #actions: FilterActions;
  readonly #order: HTMLSelectElement;
  #filter: Filter;

  constructor(
    filter: Filter,
    images: readonly GalleryImage[],
    scores: boolean,
    perScreen: number,
    actions: FilterActions,
  ) {
    this.#filter = filter;
    this.#actions = actions;
    const states = select("Show", scores ? [...STATES, DISAGREEMENT] : STATES, (state) =>
      this.#change({ state }),
    );
    const orders = select("Order", scores ? [...ORDERS, CONTRADICTION] : ORDERS, (order) =>
      this.#reorder(order as Order),
    );
    this.#order = orders.control;
    const rows = [states.row, orders.row, this.#images(images), this.#conditions(images)];
    states.control.value = filter.state;
    orders.control.value = filter.order;
    this.element = h(
      "section",
      { class: "work-section gallery-filters" },
      h("h2", { text: "Patches" }),
      ...rows,
      scores ? this.#range() : null,
      this.#size(perScreen),
    );
  }

  get filter(): Filter {
    return this.#filter;
  }

  #change(changed: Partial<Filter>): void {
    this.#filter = { ...this.#filter, ...changed };
    this.#actions.changed(this.#filter);
  }

  /** Each time that patches are drawn by lot, they are drawn anew. */
  #reorder(order: Order): void {
    const seed = Math.floor(Math.random() * 2 ** 31);
    this.#change(order === "similar" ? { order } : { order, seed, like: null });
  }

  /** The order "similar" is there once a patch was chosen for it. */
  like(place: Filter["like"]): void {
    const [value, words] = SIMILAR;
    if (![...this.#order.options].some((option) => option.value === value)) {
      this.#order.append(h("option", { text: words, attrs: { value } }));
    }
    this.#order.value = value;
    this.#change({ order: "similar", like: place });
  }

  #images(images: readonly GalleryImage[]): HTMLElement {
    const choices = images.map(({ id, name }): Choice => [String(id), name]);
    const all: Choice = ["", "All images"];
    const set = (value: string) => this.#change({ image: value ? Number(value) : null });
    const { row, control } = select("Image", [all, ...choices], set);
    control.value = this.#filter.image === null ? "" : String(this.#filter.image);
    return row;
  }

  #conditions(images: readonly GalleryImage[]): HTMLElement | null {
    const names = [...new Set(images.map(({ condition }) => condition))].filter(Boolean).sort();
    if (names.length === 0) return null;
    const choices = names.map((name): Choice => [name, name]);
    const set = (condition: string) => this.#change({ condition });
    return select("Condition", [["", "All conditions"], ...choices], set).row;
  }

  #range(): HTMLElement {
    const number = (label: string, set: (value: number | null) => Partial<Filter>) => {
      const attrs = { type: "number", min: 0, max: 1, step: 0.05, "aria-label": label };
      const field = h("input", {
        class: "form-control form-control-sm",
        attrs,
        on: {
          change: () => {
            if (field.checkValidity()) this.#change(set(field.value ? Number(field.value) : null));
          },
        },
      });
      return field;
    };
    return h(
      "div",
      { class: "gallery-filter" },
      h("span", { text: "Score" }),
      h(
        "div",
        { class: "gallery-range" },
        number("Lowest score", (least) => ({ least })),
        h("span", { text: "to" }),
        number("Highest score", (most) => ({ most })),
      ),
    );
  }

  #size(perScreen: number): HTMLElement {
    const choices = SCREENS.map((count): Choice => [String(count), `about ${count}`]);
    const set = (value: string) => this.#actions.perScreen(Number(value));
    const { row, control } = select("A screen", choices, set);
    control.value = String(perScreen);
    this.#sizes = control;
    return row;
  }

  #sizes: HTMLSelectElement | null = null;

  /** The next larger or smaller number of patches. */
  resize(by: 1 | -1): void {
    const control = this.#sizes;
    if (!control) return;
    const next = control.selectedIndex + by;
    if (next < 0 || next >= SCREENS.length) return;
    control.selectedIndex = next;
    this.#actions.perScreen(Number(control.value));
  }
}
