import type { Answer } from "../api/types";
import { h, setAttribute } from "../ui/dom";
import type { Layout } from "./layout";
import type { Part } from "./pictures";

/** All that can be seen of one patch. */
export interface CellLook {
  label: string;
  part: Part | null;
  answer: Answer | null;
  /** Nobody is asked about it. */
  out: boolean;
  focus: boolean;
  selected: boolean;
  /** What a model suggests, and its score, where that is shown. */
  suggestion: Answer | null;
  score: string;
}

/** Rows beyond the screen, above and below, that are there before they are scrolled into sight. */
const SPARE = 4;

interface Cell {
  element: HTMLElement;
  index: number;
  /** What was set last: what stays the same is not touched, so that only what changed is painted. */
  set: Record<string, string>;
}

/**
 * The patches in sight, as a grid with rows and cells: what people see is what a screen reader finds. There are as many
 * cells as a screen needs, however long the list is: rows that leave at one end come back at the other.
 */
export class Cells {
  readonly #grid: HTMLElement;
  #rows: HTMLElement[] = [];
  #cells: Cell[] = [];
  #layout: Layout | null = null;
  #shape = "";
  #first = 0;

  constructor(grid: HTMLElement) {
    this.#grid = grid;
  }

  /** Puts the rows where the list is in sight; returns the patches that the cells stand for. */
  place(layout: Layout, scroll: number, count: number): [first: number, end: number] {
    this.#build(layout);
    const pool = this.#rows.length;
    const top = Math.max(0, Math.floor(scroll / layout.cell) - SPARE);
    this.#first = top * layout.columns;
    for (let row = top; row < top + pool; row += 1) this.#placeRow(row, count);
    setAttribute(this.#grid, "aria-rowcount", Math.max(1, Math.ceil(count / layout.columns)));
    return [this.#first, Math.min(count, (top + pool) * layout.columns)];
  }

  #placeRow(row: number, count: number): void {
    const { columns, cell } = this.#layout as Layout;
    const slot = row % this.#rows.length;
    const element = this.#rows[slot] as HTMLElement;
    const first = row * columns;
    element.hidden = first >= count;
    if (element.ariaRowIndex !== String(row + 1)) {
      element.ariaRowIndex = String(row + 1);
      element.style.transform = `translateY(${row * cell}px)`;
    }
    for (let column = 0; column < columns; column += 1) {
      const one = this.#cells[slot * columns + column] as Cell;
      one.index = first + column;
      if (one.element.hidden !== one.index >= count) one.element.hidden = one.index >= count;
    }
  }

  #build(layout: Layout): void {
    const rows = layout.rows + 2 + 2 * SPARE;
    const shape = `${layout.columns} ${rows} ${layout.cell}`;
    this.#layout = layout;
    if (shape === this.#shape) return;
    this.#shape = shape;
    for (const row of this.#rows) row.remove();
    this.#cells = [];
    this.#rows = Array.from({ length: rows }, (_, number) => this.#row(layout, number));
    this.#grid.style.setProperty("--cell", `${layout.cell}px`);
    setAttribute(this.#grid, "aria-colcount", layout.columns);
    this.#grid.append(...this.#rows);
  }

  #row(layout: Layout, row: number): HTMLElement {
    const cells = Array.from({ length: layout.columns }, (_, column) => {
      const id = `patch-${row * layout.columns + column}`;
      const attrs = { role: "gridcell", id, "aria-colindex": column + 1 };
      return { element: h("div", { class: "gallery-cell", attrs }), index: -1, set: {} };
    });
    this.#cells.push(...cells);
    const elements = cells.map(({ element }) => element);
    return h("div", { class: "gallery-row", attrs: { role: "row" } }, ...elements);
  }

  /** Shows a patch, if it has a cell. */
  show(index: number, look: (index: number) => CellLook): void {
    const cell = this.#cell(index);
    if (cell) this.#dress(cell, look(index));
  }

  #cell(index: number): Cell | null {
    const columns = this.#layout?.columns ?? 1;
    const pool = this.#rows.length;
    const row = Math.floor(index / columns);
    const cell = this.#cells[(row % pool) * columns + (index % columns)];
    return cell?.index === index ? cell : null;
  }

  #dress({ element, set }: Cell, look: CellLook): void {
    const { part } = look;
    const wanted: Record<string, string> = {
      "aria-label": look.label,
      "aria-selected": String(look.selected),
      "data-answer": look.answer ?? "",
      "data-out": look.out ? "true" : "",
      "data-focus": look.focus ? "true" : "",
      "data-suggestion": look.suggestion ?? "",
      "data-score": look.suggestion ? look.score : "",
    };
    for (const [name, value] of Object.entries(wanted)) {
      if (set[name] === value) continue;
      set[name] = value;
      setAttribute(element, name, value || null);
    }
    const picture = part ? `${part.url} ${part.column} ${part.row}` : "";
    if (set.picture === picture) return;
    set.picture = picture;
    this.#paint(element, part);
  }

  #paint(element: HTMLElement, part: Part | null): void {
    const size = (this.#layout as Layout).size;
    element.style.backgroundImage = part ? `url("${part.url}")` : "";
    if (!part) return;
    element.style.backgroundPosition = `${-part.column * size}px ${-part.row * size}px`;
  }

  /** Tells a screen reader where the focus is. */
  focus(index: number): void {
    const id = this.#cell(index)?.element.id ?? null;
    if (this.#grid.getAttribute("aria-activedescendant") === id) return;
    setAttribute(this.#grid, "aria-activedescendant", id);
  }
}
