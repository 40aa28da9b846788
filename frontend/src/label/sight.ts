import type { Grid } from "../viewer/grid";
import type { Size, View } from "../viewer/view";

/** The patches whose middle is on the screen, row by row. */
export function inSight(grid: Grid, view: View, canvas: Size): number[] {
  const [right, down] = [canvas.width / 2 / 2 ** view.zoom, canvas.height / 2 / 2 ** view.zoom];
  const first = grid.nearest(view.x - right, view.y - down);
  const last = grid.nearest(view.x + right, view.y + down);
  const middle = (from: number, to: number): number => (from + to) / 2;
  const rows = span(first.row, last.row, view.y, down, (row) => {
    const [, top, , bottom] = grid.cellBox({ row, column: 0 });
    return middle(top, bottom);
  });
  const columns = span(
    first.column,
    last.column,
    view.x,
    canvas.width / 2 / 2 ** view.zoom,
    (column) => {
      const [left, , right] = grid.cellBox({ row: 0, column });
      return middle(left, right);
    },
  );
  return rows.flatMap((row) => columns.map((column) => row * grid.columns + column));
}

/** Of the numbers from `first` to `last`, those that lie no farther from the middle of the view than half of it. */
function span(
  first: number,
  last: number,
  at: number,
  half: number,
  place: (number: number) => number,
): number[] {
  const all = Array.from({ length: last - first + 1 }, (_, step) => first + step);
  return all.filter((number) => Math.abs(place(number) - at) <= half);
}
