import type { Size } from "../viewer/view";

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const GAP = 4;
const SMALLEST = 28;

/** Where patches lie on the stage: square cells in rows, whole rows to a screen. */
export class Layout {
  readonly columns: number;
  /** Rows of a screen. */
  readonly rows: number;
  readonly cell: number;
  readonly canvas: Size;

  /** `perScreen`: how many patches a screen should hold, roughly. */
  constructor(canvas: Size, perScreen: number) {
    this.canvas = canvas;
    const { width, height } = canvas;
    const wanted = Math.max(SMALLEST, Math.sqrt((width * height) / perScreen));
    this.columns = Math.max(1, Math.round(width / wanted));
    // Whole pixels: what lies between them would be drawn anew, and blurred, wherever it is moved to.
    this.cell = Math.max(1, Math.floor(width / this.columns));
    this.rows = Math.max(1, Math.floor(height / this.cell));
  }

  /** Side of a patch, without the gap to the next. */
  get size(): number {
    return this.cell - GAP;
  }

  get perScreen(): number {
    return this.columns * this.rows;
  }

  height(count: number): number {
    // The last row may stand at the top, so that every screen begins with a row of its own.
    const rows = Math.ceil(count / this.columns);
    const screens = Math.max(1, Math.ceil(rows / this.rows));
    return Math.max(rows * this.cell, (screens - 1) * this.rows * this.cell + this.canvas.height);
  }

  /** In px of the list, from its top. */
  box(index: number): Rectangle {
    const row = Math.floor(index / this.columns);
    const { size } = this;
    const x = (index % this.columns) * this.cell + GAP / 2;
    return { x, y: row * this.cell + GAP / 2, width: size, height: size };
  }

  /** The patch at a place of the list, whether or not the list is that long. */
  at(x: number, y: number): number {
    const column = Math.min(this.columns - 1, Math.max(0, Math.floor(x / this.cell)));
    return Math.max(0, Math.floor(y / this.cell)) * this.columns + column;
  }

  /** First patch and the one behind the last that are in sight, cut off or not. */
  inSight(scroll: number): [first: number, end: number] {
    const first = Math.max(0, Math.floor(scroll / this.cell));
    const last = Math.ceil((scroll + this.canvas.height) / this.cell);
    return [first * this.columns, last * this.columns];
  }

  /** The screen at a scroll position: whole rows only. */
  screen(scroll: number): [first: number, end: number] {
    const row = Math.round(scroll / this.cell);
    return [row * this.columns, (row + this.rows) * this.columns];
  }

  /** All patches that a rectangle touches. */
  within(one: [number, number], other: [number, number], count: number): number[] {
    const first = this.at(Math.min(one[0], other[0]), Math.min(one[1], other[1]));
    const last = this.at(Math.max(one[0], other[0]), Math.max(one[1], other[1]));
    const [left, right] = [first % this.columns, last % this.columns];
    const found: number[] = [];
    for (let index = first; index <= last && index < count; index += 1) {
      const column = index % this.columns;
      if (column >= left && column <= right) found.push(index);
    }
    return found;
  }
}
