import { h, setAttribute, setText } from "../ui/dom";
import { patches } from "../ui/format";
import { restWords } from "./empty";
import { Fields } from "./fields";
import { Handing } from "./handing";
import type { PatchList } from "./list";
import type { Filter, GalleryImage, Mode, Order } from "./types";

export interface FilterActions {
  changed: (filter: Filter) => void;
  perScreen: (count: number) => void;
}

const MODES: [Mode, string][] = [
  ["queue", "Your queue"],
  ["browse", "Browse"],
];
/** What can be handed out in an order: for the others, one browses. */
const ORDERS_OF_THE_QUEUE: readonly Order[] = ["image", "random", "uncertain", "certain"];
const KEPT = "Nobody else is given these patches meanwhile.";

/** Which patches are shown, in which order, and how many at once. */
export class Filters {
  readonly element: HTMLElement;
  readonly #actions: FilterActions;
  readonly #modes = new Map<Mode, HTMLButtonElement>();
  readonly #hint = h("p", { class: "work-hint gallery-mode-hint" });
  readonly #fields: Fields;
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
    this.#fields = new Fields(filter, images, scores, perScreen, {
      changed: (changed) => this.#change(changed),
      reorder: (order) => this.#reorder(order),
      perScreen: actions.perScreen,
    });
    const attrs = { role: "radiogroup", "aria-label": "Which patches" };
    const modes = MODES.map(([mode, words]) => this.#mode(mode, words));
    this.element = h(
      "section",
      { class: "work-section gallery-filters" },
      h("h2", { text: "Patches" }),
      h("div", { class: "gallery-modes", attrs }, ...modes),
      this.#hint,
      ...this.#fields.rows,
    );
    this.#show();
  }

  get filter(): Filter {
    return this.#filter;
  }

  #mode(mode: Mode, words: string): HTMLButtonElement {
    const button = h("button", {
      class: "gallery-mode",
      text: words,
      attrs: { type: "button", role: "radio", "data-mode": mode },
      on: { click: () => this.turnTo(mode) },
    });
    this.#modes.set(mode, button);
    return button;
  }

  turnTo(mode: Mode): void {
    if (mode === this.#filter.mode) return;
    const possible = mode === "browse" || ORDERS_OF_THE_QUEUE.includes(this.#filter.order);
    const order = possible ? this.#filter.order : "image";
    const state = mode === "queue" ? "unanswered" : "all";
    this.#change({ mode, order, state, like: null, least: null, most: null });
  }

  #change(changed: Partial<Filter>): void {
    this.#filter = { ...this.#filter, ...changed };
    this.#show();
    this.#actions.changed(this.#filter);
  }

  #show(): void {
    const { mode } = this.#filter;
    for (const [one, button] of this.#modes)
      setAttribute(button, "aria-checked", one === mode ? "true" : "false");
    this.#fields.show(this.#filter, ORDERS_OF_THE_QUEUE);
  }

  /** Says how the queue stands. */
  update(list: PatchList): void {
    const { mode, state } = this.#filter;
    if (mode === "browse") {
      const shared = "Others may be given these patches too: your queue keeps them apart.";
      return setText(
        this.#hint,
        state === "unanswered" ? shared : "Everything there is, answered or not.",
      );
    }
    if (!(list.source instanceof Handing)) return setText(this.#hint, "");
    const left = list.total - list.items.length;
    const last = list.tally[0] > 0 ? "They are the last for now." : restWords(list.source.rest);
    const words = left > 0 ? `${patches(left)} more are open.` : last;
    setText(this.#hint, list.items.length > 0 ? `${KEPT} ${words}` : words);
  }

  /** Each time that patches are drawn by lot, they are drawn anew. */
  #reorder(order: Order): void {
    const seed = Math.floor(Math.random() * 2 ** 31);
    this.#change(order === "similar" ? { order } : { order, seed, like: null });
  }

  /** Patches like one that was chosen; they are browsed, because nobody can be handed them. */
  like(place: Filter["like"]): void {
    this.#change({ mode: "browse", order: "similar", like: place });
  }

  /** The next larger or smaller number of patches. */
  resize(by: 1 | -1): void {
    this.#fields.resize(by);
  }
}
