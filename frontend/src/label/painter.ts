import type { Stroke } from "../viewer/gestures";
import type { Cell } from "../viewer/grid";
import type { Labelling } from "./labelling";

/** A left drag over the grid: every patch on its way gets the chosen answer, all of it one step for undo. */
export function paintStroke(labelling: Labelling): Stroke {
  const { grid, selection } = labelling;
  let last: Cell | null = null;
  const paint = (cells: Cell[]): void => {
    const inside = cells.filter((cell) => grid.contains(cell));
    const end = inside.at(-1);
    if (!end) return;
    selection.set(end);
    labelling.answer(
      inside.map((cell) => grid.index(cell)),
      labelling.brush,
    );
  };
  return {
    down: (x, y, event) => {
      const cell = grid.at(x, y);
      if (!cell) return;
      if (event.shiftKey) return selection.extendTo(cell);
      labelling.beginStroke();
      last = cell;
      paint([cell]);
    },
    move: (x, y) => {
      const cell = grid.at(x, y);
      if (!last || !cell || (cell.row === last.row && cell.column === last.column)) return;
      paint(grid.between(last, cell));
      last = cell;
    },
    up: () => labelling.endStroke(),
    cancel: () => labelling.cancelStroke(),
  };
}
