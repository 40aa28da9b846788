import type { Answer } from "../api/types";
import { h, icon, setAttribute } from "../ui/dom";
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
  /** What people and a model say of it, in lines, where the list is about that. */
  says: string;
  /** A manager sent it back. */
  back: boolean;
}

/** Rows beyond the screen, above and below, that are there before they are scrolled into sight. */
const SPARE = 4;
/** Captions of smaller cells could not be read. */
const LEGIBLE = 60;

interface Cell {
  element: HTMLElement;
  index: number;
  /** What was set last: what stays the same is not touched, so that only what changed is painted. */
  set: Record<string, string>;
}

/** Neither sent back nor contradicted, as nearly all patches are. */
const BARE = "false ";

/** What few patches have is an element that comes and goes; the name of the cell says it in words. */
function annotate(cell: HTMLElement, { says, back }: CellLook): void {
  const attrs = { "aria-hidden": true };
  cell.replaceChildren(
    ...(says ? [h("span", { class: "gallery-says", attrs: { ...attrs, "data-says": says } })] : []),
    ...(back ? [h("span", { class: "gallery-back", attrs }, icon("chat-left-text-fill"))] : []),
  );
}

/**
 * The patches in sight, as a grid with rows and cells: what people see is what a screen reader finds. There are as many
 * cells as a screen needs, however long the list is: rows that leave at one end come back at the other. Each row is a
 * layer for the browser, and so is the ring around the focus: an answer draws a part of a row anew, moving draws nothing.
 */
export class Cells {
  readonly #grid: HTMLElement;
  readonly #ring = h("div", {
    class: "gallery-ring",
    attrs: { role: "presentation", hidden: true },
  });
  #rows: HTMLElement[] = [];
  #cells: Cell[] = [];
  #layout: Layout | null = null;
  #shape = "";
  /** By slot: which row of the list it shows, and how many patches the list had then. */
  #placed: { row: number; count: number }[] = [];

  constructor(grid: HTMLElement) {
    this.#grid = grid;
    this.#grid.append(this.#ring);
  }

  /** Puts the rows where the list is in sight; returns the patches whose cells stood for others before. */
  place(layout: Layout, scroll: number, count: number): number[] {
    this.#build(layout);
    const top = Math.max(0, Math.floor(scroll / layout.cell) - SPARE);
    const rows = Math.max(1, Math.ceil(count / layout.columns));
    if (this.#grid.ariaRowCount !== String(rows)) this.#grid.ariaRowCount = String(rows);
    const come: number[] = [];
    for (let row = top; row < top + this.#rows.length; row += 1) {
      if (this.#placeRow(row, count)) come.push(...this.#inRow(row, count));
    }
    return come;
  }

  /** Whether the row was not there. */
  #placeRow(row: number, count: number): boolean {
    const { columns, cell } = this.#layout as Layout;
    const slot = row % this.#rows.length;
    const before = this.#placed[slot];
    if (before?.row === row && before.count === count) return false;
    this.#placed[slot] = { row, count };
    const element = this.#rows[slot] as HTMLElement;
    element.hidden = row * columns >= count;
    element.ariaRowIndex = String(row + 1);
    element.style.transform = `translateY(${row * cell}px)`;
    for (let column = 0; column < columns; column += 1) {
      const one = this.#cells[slot * columns + column] as Cell;
      one.index = row * columns + column;
      if (one.element.hidden !== one.index >= count) one.element.hidden = one.index >= count;
    }
    return true;
  }

  #inRow(row: number, count: number): number[] {
    const { columns } = this.#layout as Layout;
    const length = Math.max(0, Math.min(columns, count - row * columns));
    return Array.from({ length }, (_, column) => row * columns + column);
  }

  /** The patches that have a cell. */
  all(): number[] {
    return this.#placed.flatMap(({ row, count }) => this.#inRow(row, count));
  }

  #build(layout: Layout): void {
    const rows = layout.rows + 2 + 2 * SPARE;
    const shape = `${layout.columns} ${rows} ${layout.cell}`;
    this.#layout = layout;
    if (shape === this.#shape) return;
    this.#shape = shape;
    for (const row of this.#rows) row.remove();
    this.#cells = [];
    this.#placed = [];
    this.#rows = Array.from({ length: rows }, (_, number) => this.#row(layout, number));
    this.#grid.style.setProperty("--cell", `${layout.cell}px`);
    this.#grid.style.setProperty("--row", `${layout.columns * layout.cell}px`);
    this.#grid.classList.toggle("gallery-dense", layout.cell < LEGIBLE);
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
      "data-says": look.says ? "true" : "",
    };
    for (const [name, value] of Object.entries(wanted)) {
      if (set[name] === value) continue;
      set[name] = value;
      setAttribute(element, name, value || null);
    }
    const notes = `${look.back} ${look.says}`;
    if ((set.notes ?? BARE) !== notes) annotate(element, look);
    set.notes = notes;
    const picture = part ? `${part.url} ${part.column} ${part.row}` : "";
    if (set.picture === picture) return;
    set.picture = picture;
    this.#paint(element, part);
  }

  #paint(element: HTMLElement, part: Part | null): void {
    const size = (this.#layout as Layout).size;
    element.style.setProperty("--sheet", part ? `url("${part.url}")` : "none");
    if (!part) return;
    element.style.setProperty("--at", `${-part.column * size}px ${-part.row * size}px`);
  }

  /** Shows where the focus is, and tells a screen reader. */
  focus(index: number, count: number): void {
    this.#encircle(index, count);
    const id = this.#cell(index)?.element.id ?? null;
    if (this.#grid.getAttribute("aria-activedescendant") === id) return;
    setAttribute(this.#grid, "aria-activedescendant", id);
  }

  #encircle(index: number, count: number): void {
    if (!this.#layout) return;
    const { x, y } = this.#layout.box(index);
    const at = index < count ? `translate(${x}px, ${y}px)` : "";
    if (this.#ring.style.transform === at) return;
    this.#ring.hidden = at === "";
    this.#ring.style.transform = at;
  }
}
