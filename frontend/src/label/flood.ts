import type { Grid } from "../viewer/grid";

/** The patches that hang together with one (side by side, not across corners) and are no farther from it than `most`. */
export function flood(
  grid: Grid,
  distances: readonly number[],
  from: number,
  most: number,
): number[] {
  const reached = new Set([from]);
  const waiting = [from];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    for (const next of neighbours(grid, index)) {
      // A patch that could not be compared (NaN) is near to none.
      if (reached.has(next) || !((distances[next] ?? Infinity) <= most)) continue;
      reached.add(next);
      waiting.push(next);
    }
  }
  return [...reached].sort((one, other) => one - other);
}

function neighbours(grid: Grid, index: number): number[] {
  const { row, column } = grid.cell(index);
  const beside = [
    { row: row - 1, column },
    { row: row + 1, column },
    { row, column: column - 1 },
    { row, column: column + 1 },
  ];
  return beside.filter((cell) => grid.contains(cell)).map((cell) => grid.index(cell));
}

/**
 * How far a flood has to go to become larger: as near as the nearest patch at its edge is, and a little farther, so that
 * it grows by more than a patch where many are alike. Null when it holds everything.
 */
export function farther(
  grid: Grid,
  distances: readonly number[],
  held: readonly number[],
  most: number,
): number | null {
  const inside = new Set(held);
  const edge = held.flatMap((index) => neighbours(grid, index).filter((next) => !inside.has(next)));
  const nearest = edge.reduce(
    (least, index) => Math.min(least, distances[index] || Infinity),
    Infinity,
  );
  return Number.isFinite(nearest) ? Math.max(nearest, most * 1.15) : null;
}
