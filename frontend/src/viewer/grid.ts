export interface Cell {
  row: number;
  column: number;
}

/**
 * The patch grid of an image: patches are positions, the last row and column may be partial.
 *
 * Neighbouring patches may overlap. Then a pixel is in several patches, and what is drawn or
 * pointed at is a patch's cell: the pixels that are nearer to its middle than to any other's.
 */
export class Grid {
  readonly rows: number;
  readonly columns: number;
  /** From the start of one patch to the start of the next, in px. */
  readonly step: number;

  constructor(
    readonly height: number,
    readonly width: number,
    readonly patchSize: number,
    readonly overlap = 0,
  ) {
    this.step = patchSize - overlap;
    this.rows = this.#patches(height);
    this.columns = this.#patches(width);
  }

  #patches(length: number): number {
    return Math.max(1, Math.ceil((length - this.overlap) / this.step));
  }

  get count(): number {
    return this.rows * this.columns;
  }

  index(cell: Cell): number {
    return cell.row * this.columns + cell.column;
  }

  cell(index: number): Cell {
    return { row: Math.floor(index / this.columns), column: index % this.columns };
  }

  contains(cell: Cell): boolean {
    const { row, column } = cell;
    return row >= 0 && column >= 0 && row < this.rows && column < this.columns;
  }

  /** The patch under an image position in pixels, or null outside the image. */
  at(x: number, y: number): Cell | null {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return null;
    return this.nearest(x, y);
  }

  /** The patch whose cell is nearest to a position in pixels. */
  nearest(x: number, y: number): Cell {
    const place = (at: number): number => Math.floor((at - this.overlap / 2) / this.step);
    return this.clamp({ row: place(y), column: place(x) });
  }

  /** [left, top, right, bottom] in pixels; cut off where the image ends. */
  box(cell: Cell): [number, number, number, number] {
    const left = cell.column * this.step;
    const top = cell.row * this.step;
    return [
      left,
      top,
      Math.min(this.width, left + this.patchSize),
      Math.min(this.height, top + this.patchSize),
    ];
  }

  /** The patch's cell, as `box`. */
  cellBox({ row, column }: Cell): [number, number, number, number] {
    const { width, height } = this;
    return [
      this.#edge(column, this.columns, width),
      this.#edge(row, this.rows, height),
      this.#edge(column + 1, this.columns, width),
      this.#edge(row + 1, this.rows, height),
    ];
  }

  /** Where the cells along a side begin, and where the last one ends. */
  edges(length: number, count: number): number[] {
    return Array.from({ length: count + 1 }, (_, place) => this.#edge(place, count, length));
  }

  #edge(place: number, count: number, length: number): number {
    if (place === 0) return 0;
    return place === count ? length : place * this.step + this.overlap / 2;
  }

  clamp(cell: Cell): Cell {
    return {
      row: Math.max(0, Math.min(this.rows - 1, cell.row)),
      column: Math.max(0, Math.min(this.columns - 1, cell.column)),
    };
  }

  /** Every patch on the straight way between two, both included: a fast drag skips none. */
  between(from: Cell, to: Cell): Cell[] {
    const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column));
    if (steps === 0) return [to];
    return Array.from({ length: steps + 1 }, (_, step) => ({
      row: Math.round(from.row + ((to.row - from.row) * step) / steps),
      column: Math.round(from.column + ((to.column - from.column) * step) / steps),
    }));
  }
}
