import "./bars.css";
import "./rows.css";
import { h, icon, iconButton, setText } from "../ui/dom";
import { bytes, percent } from "../ui/format";

export interface RowAction {
  icon: string;
  label: string;
  click: () => void;
}

/** What a row shows of a file. */
export interface RowData {
  key: string;
  state: string;
  icon: string;
  name: string;
  size: number;
  /** 0..1 that was sent; null: no bar */
  share: number | null;
  text: string;
  actions: RowAction[];
}

/** px; that of .upload-row in rows.css */
const HEIGHT = 64;
/** Rows above and below the visible ones, so that scrolling shows no gap. */
const MORE = 4;

/** A list of any length that holds only the rows in sight, and changes them in place. */
export class RowList {
  readonly element = h("div", { class: "upload-rows", attrs: { hidden: true, tabindex: 0 } });
  readonly #list = h("ul", { attrs: { "aria-label": "Files" } });
  readonly #rows = new Map<string, Row>();
  #count = 0;
  #at: (index: number) => RowData = () => {
    throw new RangeError("The list is empty.");
  };

  constructor() {
    this.element.append(this.#list);
    this.element.addEventListener("scroll", () => this.#render(), { passive: true });
  }

  /** Shows `count` rows; `at` is asked only for those in sight. */
  show(count: number, at: (index: number) => RowData): void {
    this.#count = count;
    this.#at = at;
    this.element.hidden = count === 0;
    this.#list.style.height = `${count * HEIGHT}px`;
    this.#render();
  }

  #render(): void {
    const [from, to] = this.#range();
    const wanted = new Set<string>();
    for (let index = from; index < to; index += 1) {
      const data = this.#at(index);
      wanted.add(data.key);
      this.#row(data.key).show(data, index, this.#count);
    }
    for (const [key, row] of this.#rows) {
      if (wanted.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
  }

  #range(): [number, number] {
    const first = Math.floor(this.element.scrollTop / HEIGHT) - MORE;
    const seen = Math.ceil((this.element.clientHeight || 6 * HEIGHT) / HEIGHT) + 2 * MORE;
    const from = Math.max(0, Math.min(first, this.#count - seen));
    return [from, Math.min(this.#count, from + seen)];
  }

  #row(key: string): Row {
    const known = this.#rows.get(key);
    if (known) return known;
    const row = new Row();
    this.#rows.set(key, row);
    this.#list.append(row.element);
    return row;
  }
}

/** One file. Its buttons stay the same elements while it goes on, so that a click meets them. */
class Row {
  readonly element = h("li", { class: "upload-row" });
  readonly #picture = icon("hourglass");
  readonly #name = h("span", { class: "upload-name" });
  readonly #size = h("span", { class: "upload-size" });
  readonly #bar = h("progress", { class: "upload-progress", attrs: { max: 1 } });
  readonly #text = h("p", { class: "upload-reason" });
  readonly #buttons = h("div", { class: "upload-buttons" });
  #actions: RowAction[] = [];

  constructor() {
    const file = h("div", { class: "upload-file" }, this.#name, this.#size, this.#bar, this.#text);
    this.element.append(this.#picture, file, this.#buttons);
  }

  show(data: RowData, index: number, count: number): void {
    const { element } = this;
    element.style.top = `${index * HEIGHT}px`;
    element.dataset.state = data.state;
    element.ariaPosInSet = String(index + 1);
    element.ariaSetSize = String(count);
    this.#picture.className = `bi bi-${data.icon}`;
    setText(this.#name, data.name);
    this.#name.title = data.name;
    setText(this.#size, bytes(data.size));
    setText(this.#text, data.text);
    this.#text.title = data.text;
    this.#showBar(data);
    this.#showButtons(data.actions);
  }

  #showBar({ name, share }: RowData): void {
    this.#bar.hidden = share === null;
    if (share === null) return;
    this.#bar.value = share;
    this.#bar.ariaLabel = `${name}: ${percent(share)} sent`;
  }

  #showButtons(actions: RowAction[]): void {
    const same =
      actions.length === this.#actions.length &&
      actions.every(({ label }, place) => label === this.#actions[place]?.label);
    this.#actions = actions;
    if (same) return;
    const buttons = actions.map(({ icon: picture, label }, place) =>
      iconButton(picture, label, () => this.#actions[place]?.click(), "btn btn-sm btn-link"),
    );
    this.#buttons.replaceChildren(...buttons);
  }
}
