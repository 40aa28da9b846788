import type { Cell, Grid } from "../viewer/grid";

/** The focus patch and what is selected: the rectangle from an anchor to the focus, or any patches. */
export class Selection {
  readonly #grid: Grid;
  #anchor: Cell = { row: 0, column: 0 };
  #focus: Cell = { row: 0, column: 0 };
  #chosen: ReadonlySet<number> | null = null;

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  get focus(): Cell {
    return this.#focus;
  }

  get many(): boolean {
    if (this.#chosen) return true;
    return this.#anchor.row !== this.#focus.row || this.#anchor.column !== this.#focus.column;
  }

  /** The selected patches where they are no rectangle. */
  get chosen(): ReadonlySet<number> | null {
    return this.#chosen;
  }

  set(cell: Cell): void {
    this.#focus = this.#grid.clamp(cell);
    this.collapse();
  }

  extendTo(cell: Cell): void {
    this.#focus = this.#grid.clamp(cell);
    this.#chosen = null;
  }

  collapse(): void {
    this.#anchor = this.#focus;
    this.#chosen = null;
  }

  /** Selects these patches; none of them drops the selection. */
  choose(indices: Iterable<number>): void {
    const chosen = new Set(indices);
    if (chosen.size === 0) this.collapse();
    else this.#chosen = chosen;
  }

  /** Adds a patch to what is selected, or takes it away, and goes there. */
  toggle(cell: Cell): void {
    const chosen = new Set(this.many ? this.indices() : []);
    const index = this.#grid.index(cell);
    if (!chosen.delete(index)) chosen.add(index);
    this.set(cell);
    this.choose(chosen);
  }

  /** Of these patches, those that were not selected. */
  invert(within: Iterable<number>): void {
    const chosen = new Set(this.many ? this.indices() : []);
    this.choose([...within].filter((index) => !chosen.has(index)));
  }

  move(down: number, right: number, extend: boolean): void {
    const next = { row: this.#focus.row + down, column: this.#focus.column + right };
    if (extend) this.extendTo(next);
    else this.set(next);
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
    if (this.#chosen) return [...this.#chosen].sort((one, other) => one - other);
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
