export interface Cell {
  row: number;
  column: number;
}

/** The patch grid of an image: patches are positions, the last row and column may be partial. */
export class Grid {
  readonly rows: number;
  readonly columns: number;

  constructor(
    readonly height: number,
    readonly width: number,
    readonly patchSize: number,
  ) {
    this.rows = Math.ceil(height / patchSize);
    this.columns = Math.ceil(width / patchSize);
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
    return { row: Math.floor(y / this.patchSize), column: Math.floor(x / this.patchSize) };
  }

  /** [left, top, right, bottom] in pixels; cut off where the image ends. */
  box(cell: Cell): [number, number, number, number] {
    const left = cell.column * this.patchSize;
    const top = cell.row * this.patchSize;
    return [
      left,
      top,
      Math.min(this.width, left + this.patchSize),
      Math.min(this.height, top + this.patchSize),
    ];
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
