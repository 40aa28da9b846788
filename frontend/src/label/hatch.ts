import type { Cell, Grid } from "../viewer/grid";

export interface Stroke {
  from: [number, number];
  to: [number, number];
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Diagonals across a box, a third of its width apart. */
export function hatch([left, top, right, bottom]: Box): Stroke[] {
  const width = right - left;
  const height = bottom - top;
  return [1 / 3, 2 / 3, 1].flatMap((part): Stroke[] => {
    const rising: Stroke = { from: [left, top + height * part], to: [left + width * part, top] };
    const last = part === 1;
    const lower: Stroke = {
      from: [left + width * part, bottom],
      to: [right, top + height * part],
    };
    return last ? [rising] : [rising, lower];
  });
}

/** Two lines from corner to corner. */
export function cross([left, top, right, bottom]: Box): Stroke[] {
  return [
    { from: [left, top], to: [right, bottom] },
    { from: [left, bottom], to: [right, top] },
  ];
}

/** The sides at which selected patches end. */
export function border(grid: Grid, chosen: ReadonlySet<number>): Stroke[] {
  const strokes: Stroke[] = [];
  for (const index of chosen) {
    const { row, column } = grid.cell(index);
    const [left, top, right, bottom] = grid.cellBox({ row, column });
    const ends = (cell: Cell): boolean => !grid.contains(cell) || !chosen.has(grid.index(cell));
    if (ends({ row: row - 1, column })) strokes.push({ from: [left, top], to: [right, top] });
    if (ends({ row: row + 1, column })) strokes.push({ from: [left, bottom], to: [right, bottom] });
    if (ends({ row, column: column - 1 })) strokes.push({ from: [left, top], to: [left, bottom] });
    if (ends({ row, column: column + 1 }))
      strokes.push({ from: [right, top], to: [right, bottom] });
  }
  return strokes;
}
