import type { Cell, Grid } from "../viewer/grid";

/** The focus patch and, with Shift, the rectangle from an anchor to it. */
export class Selection {
  readonly #grid: Grid;
  #anchor: Cell = { row: 0, column: 0 };
  #focus: Cell = { row: 0, column: 0 };

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  get focus(): Cell {
    return this.#focus;
  }

  get many(): boolean {
    return this.#anchor.row !== this.#focus.row || this.#anchor.column !== this.#focus.column;
  }

  set(cell: Cell): void {
    this.#focus = this.#grid.clamp(cell);
    this.#anchor = this.#focus;
  }

  extendTo(cell: Cell): void {
    this.#focus = this.#grid.clamp(cell);
  }

  collapse(): void {
    this.#anchor = this.#focus;
  }

  move(down: number, right: number, extend: boolean): void {
    const next = { row: this.#focus.row + down, column: this.#focus.column + right };
    if (extend) this.extendTo(next);
    else this.set(next);
  }

  /** On to the next patch in reading order; stays on the last one. */
  advance(): void {
    const next = this.#grid.index(this.#focus) + 1;
    if (next < this.#grid.count) this.set(this.#grid.cell(next));
  }

  get corners(): { top: number; left: number; bottom: number; right: number } {
    return {
      top: Math.min(this.#anchor.row, this.#focus.row),
      left: Math.min(this.#anchor.column, this.#focus.column),
      bottom: Math.max(this.#anchor.row, this.#focus.row),
      right: Math.max(this.#anchor.column, this.#focus.column),
    };
  }

  indices(): number[] {
    const { top, left, bottom, right } = this.corners;
    const indices: number[] = [];
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        indices.push(this.#grid.index({ row, column }));
      }
    }
    return indices;
  }
}
