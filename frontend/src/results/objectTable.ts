import type { ObjectTable, ObjectValue } from "../api/types";
import { h, setAttribute } from "../ui/dom";
import { integer, quantity } from "../ui/format";
import type { Box } from "../viewer/layers/grid";
import { objectBox, type Sort, shownColumns, sorted } from "./objects";

const PAGE = 200;

function cell(value: ObjectValue): string {
  if (value === null) return "–";
  return typeof value === "number" ? quantity(value) : String(value);
}

/** The objects of one structure; a click on a heading sorts, a click on a row shows the object in the image. */
export class ObjectTableView {
  readonly element = h("div", { class: "objects" });
  readonly #show: (box: Box) => void;
  #table: ObjectTable = { columns: [], rows: [] };
  #sort: Sort = { column: 0, descending: false };
  #limit = PAGE;
  #chosen = -1;

  constructor(show: (box: Box) => void) {
    this.#show = show;
  }

  set(table: ObjectTable): void {
    this.#table = table;
    this.#limit = PAGE;
    this.#chosen = -1;
    const area = shownColumns(table).find(({ heading }) => heading.startsWith("Area"));
    this.#sort = { column: area?.index ?? 0, descending: area !== undefined };
    this.#render();
  }

  message(text: string): void {
    this.element.replaceChildren(h("p", { class: "work-hint", text, attrs: { role: "status" } }));
  }

  #render(): void {
    if (this.#table.rows.length === 0) return this.message("No object at this threshold.");
    const order = sorted(this.#table.rows, this.#sort);
    const columns = shownColumns(this.#table);
    const head = h("tr", {}, ...columns.map(({ index, heading }) => this.#heading(index, heading)));
    const body = order.slice(0, this.#limit).map((row) => this.#row(row, columns));
    this.element.replaceChildren(
      h("table", {}, h("thead", {}, head), h("tbody", {}, ...body)),
      this.#more(order.length),
    );
  }

  #heading(index: number, heading: string): HTMLElement {
    const active = this.#sort.column === index;
    const arrow = active ? (this.#sort.descending ? "\u00a0↓" : "\u00a0↑") : "";
    const button = h("button", {
      text: heading + arrow,
      attrs: { type: "button" },
      on: { click: () => this.#sortBy(index) },
    });
    const th = h("th", { attrs: { scope: "col" } }, button);
    if (active) setAttribute(th, "aria-sort", this.#sort.descending ? "descending" : "ascending");
    return th;
  }

  #sortBy(column: number): void {
    const descending = this.#sort.column === column ? !this.#sort.descending : true;
    this.#sort = { column, descending };
    this.#render();
  }

  #row(row: number, columns: { index: number }[]): HTMLElement {
    const values = this.#table.rows[row] ?? [];
    const choose = () => this.#choose(row, tr);
    const tr = h(
      "tr",
      {
        attrs: { tabindex: 0, "aria-selected": row === this.#chosen ? "true" : "false" },
        on: {
          click: choose,
          keydown: (event: KeyboardEvent) => {
            if (event.key === "Enter") choose();
          },
        },
      },
      ...columns.map(({ index }) => h("td", { text: cell(values[index] ?? null) })),
    );
    return tr;
  }

  #choose(row: number, tr: HTMLElement): void {
    this.element.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    tr.setAttribute("aria-selected", "true");
    this.#chosen = row;
    const box = objectBox(this.#table, row);
    if (box) this.#show(box);
  }

  #more(count: number): HTMLElement {
    if (count <= this.#limit) return h("span");
    return h("button", {
      class: "btn btn-sm btn-link",
      text: `Show more (${integer(this.#limit)} of ${integer(count)})`,
      attrs: { type: "button" },
      on: {
        click: () => {
          this.#limit += PAGE;
          this.#render();
        },
      },
    });
  }
}
