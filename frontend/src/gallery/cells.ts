import { h, setAttribute, setText } from "../ui/dom";
import type { Layout } from "./layout";

export interface CellWords {
  label: string;
  selected: boolean;
}

/**
 * What a screen reader finds where people see pictures: a grid with a row and a cell for each patch of the screen. The
 * cells are transparent; the picture below them is drawn on one canvas.
 */
export class Cells {
  readonly #grid: HTMLElement;
  #rows: HTMLElement[] = [];
  #cells: HTMLElement[] = [];
  #shape = "";
  #first = 0;

  constructor(grid: HTMLElement) {
    this.#grid = grid;
  }

  show(layout: Layout, first: number, count: number, words: (index: number) => CellWords): void {
    this.#build(layout);
    this.#first = first;
    setAttribute(this.#grid, "aria-rowcount", Math.max(1, Math.ceil(count / layout.columns)));
    setAttribute(this.#grid, "aria-colcount", layout.columns);
    const top = (first / layout.columns) * layout.cell;
    this.#rows.forEach((row, number) => {
      const start = first + number * layout.columns;
      row.hidden = start >= count;
      row.style.transform = `translateY(${top + number * layout.cell}px)`;
      setAttribute(row, "aria-rowindex", start / layout.columns + 1);
    });
    this.#cells.forEach((cell, number) => {
      const index = first + number;
      cell.hidden = index >= count;
      if (index < count) this.#say(cell, words(index));
    });
  }

  #build(layout: Layout): void {
    const shape = `${layout.columns} ${layout.rows} ${layout.cell}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    for (const row of this.#rows) row.remove();
    this.#cells = [];
    this.#rows = Array.from({ length: layout.rows }, (_, number) => this.#row(layout, number));
    this.#grid.append(...this.#rows);
  }

  #row(layout: Layout, row: number): HTMLElement {
    const cells = Array.from({ length: layout.columns }, (_, column) => {
      const id = `patch-${row * layout.columns + column}`;
      const attrs = { role: "gridcell", id, "aria-colindex": column + 1 };
      const style = { width: `${layout.cell}px`, height: `${layout.cell}px` };
      return h("div", { class: "gallery-cell", attrs, style });
    });
    this.#cells.push(...cells);
    return h("div", { class: "gallery-row", attrs: { role: "row" } }, ...cells);
  }

  #say(cell: HTMLElement, { label, selected }: CellWords): void {
    if (cell.getAttribute("aria-label") !== label) setAttribute(cell, "aria-label", label);
    setAttribute(cell, "aria-selected", selected ? "true" : "false");
  }

  /** One patch has another answer. */
  renew(index: number, words: CellWords): void {
    const cell = this.#cells[index - this.#first];
    if (cell) this.#say(cell, words);
  }

  /** Tells a screen reader where the focus is. */
  focus(index: number, live: HTMLElement, words: string): void {
    const cell = this.#cells[index - this.#first];
    setAttribute(this.#grid, "aria-activedescendant", cell ? cell.id : null);
    setText(live, words);
  }
}
