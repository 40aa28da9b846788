import { h } from "../ui/dom";
import { SCREENS } from "./screenSize";
import type { Filter, GalleryImage, Order } from "./types";

export interface FieldActions {
  changed: (changed: Partial<Filter>) => void;
  reorder: (order: Order) => void;
  perScreen: (count: number) => void;
}

type Choice = [value: string, words: string];

const STATES: Choice[] = [
  ["all", "All"],
  ["unanswered", "Without my answer"],
  ["mine", "With my answer"],
  ["yes", "My yes"],
  ["no", "My no"],
  ["unsure", "My unsure"],
  ["left-out", "Left out"],
];
const DISAGREEMENT: Choice = ["disagreement", "People disagree"];
const ORDERS: [Order, string][] = [
  ["image", "Image by image"],
  ["random", "Random"],
  ["uncertain", "Least certain first"],
  ["certain", "Most certain first"],
];
const CONTRADICTION: [Order, string] = ["contradiction", "Contradictions first"];
const SIMILAR: [Order, string] = ["similar", "Like the chosen patch"];

interface Field {
  row: HTMLElement;
  control: HTMLSelectElement;
}

function select(label: string, choices: readonly Choice[], set: (value: string) => void): Field {
  const id = `filter-${label.toLowerCase().replaceAll(" ", "-")}`;
  const options = choices.map(([value, words]) => h("option", { text: words, attrs: { value } }));
  const changed = () => set(control.value);
  const attrs = { id };
  const control: HTMLSelectElement = h(
    "select",
    { class: "form-select form-select-sm", attrs, on: { change: changed } },
    ...options,
  );
  const words = h("label", { text: label, attrs: { for: id } });
  return { row: h("div", { class: "gallery-filter" }, words, control), control };
}

/** The fields of the filter, and which of them make sense now. */
export class Fields {
  readonly rows: HTMLElement[];
  readonly #actions: FieldActions;
  readonly #scores: boolean;
  readonly #state: Field;
  readonly #order: Field;
  readonly #image: Field;
  readonly #size: Field;
  readonly #range: HTMLElement;
  #orders = "";

  constructor(
    filter: Filter,
    images: readonly GalleryImage[],
    scores: boolean,
    perScreen: number,
    actions: FieldActions,
  ) {
    this.#actions = actions;
    this.#scores = scores;
    const states = scores ? [...STATES, DISAGREEMENT] : STATES;
    this.#state = select("Show", states, (state) => actions.changed({ state }));
    this.#order = select("Order", [], (order) => actions.reorder(order as Order));
    this.#image = this.#images(images);
    this.#range = this.#scoreRange();
    this.#size = this.#sizes(perScreen);
    const conditions = this.#conditions(images);
    const rows = [this.#state, this.#order, this.#image].map(({ row }) => row);
    this.rows = [...rows, ...(conditions ? [conditions] : []), this.#range, this.#size.row];
    this.#image.control.value = filter.image === null ? "" : String(filter.image);
  }

  show({ mode, state, order, like }: Filter, ofTheQueue: readonly Order[]): void {
    const queue = mode === "queue";
    this.#state.row.hidden = queue;
    this.#range.hidden = queue || !this.#scores;
    this.#state.control.value = state;
    const all = [...ORDERS, ...(this.#scores ? [CONTRADICTION] : []), ...(like ? [SIMILAR] : [])];
    this.#offer(queue ? all.filter(([value]) => ofTheQueue.includes(value)) : all);
    this.#order.control.value = order;
    for (const field of queue ? this.#range.querySelectorAll("input") : []) field.value = "";
  }

  #offer(orders: readonly Choice[]): void {
    const wanted = orders.map(([value]) => value).join();
    if (wanted === this.#orders) return;
    this.#orders = wanted;
    const options = orders.map(([value, text]) => h("option", { text, attrs: { value } }));
    this.#order.control.replaceChildren(...options);
  }

  #images(images: readonly GalleryImage[]): Field {
    const choices = images.map(({ id, name }): Choice => [String(id), name]);
    const set = (value: string) => this.#actions.changed({ image: value ? Number(value) : null });
    return select("Image", [["", "All images"], ...choices], set);
  }

  #conditions(images: readonly GalleryImage[]): HTMLElement | null {
    const names = [...new Set(images.map(({ condition }) => condition))].filter(Boolean).sort();
    if (names.length === 0) return null;
    const choices = names.map((name): Choice => [name, name]);
    const set = (condition: string) => this.#actions.changed({ condition });
    return select("Condition", [["", "All conditions"], ...choices], set).row;
  }

  #scoreRange(): HTMLElement {
    const least = this.#number("Lowest score", (value) => ({ least: value }));
    const most = this.#number("Highest score", (value) => ({ most: value }));
    const range = h("div", { class: "gallery-range" }, least, h("span", { text: "to" }), most);
    return h("div", { class: "gallery-filter" }, h("span", { text: "Score" }), range);
  }

  #number(label: string, changed: (value: number | null) => Partial<Filter>): HTMLInputElement {
    const set = (): void => {
      if (!field.checkValidity()) return;
      this.#actions.changed(changed(field.value ? Number(field.value) : null));
    };
    const attrs = { type: "number", min: 0, max: 1, step: 0.05, "aria-label": label };
    const kind = "form-control form-control-sm";
    const field: HTMLInputElement = h("input", { class: kind, attrs, on: { change: set } });
    return field;
  }

  #sizes(perScreen: number): Field {
    const choices = SCREENS.map((count): Choice => [String(count), `about ${count}`]);
    const set = (value: string) => this.#actions.perScreen(Number(value));
    const field = select("A screen", choices, set);
    field.control.value = String(perScreen);
    return field;
  }

  resize(by: 1 | -1): void {
    const { control } = this.#size;
    const next = control.selectedIndex + by;
    if (next < 0 || next >= SCREENS.length) return;
    control.selectedIndex = next;
    this.#actions.perScreen(Number(control.value));
  }
}
