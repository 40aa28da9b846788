import type { Stroke } from "../viewer/gestures";
import type { Cell } from "../viewer/grid";
import type { Labelling } from "./labelling";

export interface PaintEvents {
  /** Something is selected otherwise. */
  selected: () => void;
  /** Alt + click: what looks alike around the focus. */
  alike: () => void;
}

const same = (one: Cell, other: Cell): boolean =>
  one.row === other.row && one.column === other.column;

/**
 * What a press on the grid begins. A drag paints every patch on its way, all of it one step for undo, and a click on a
 * patch that has the answer already takes it back. With Shift a click selects up to there and a drag a rectangle; with Ctrl
 * a click adds one patch, with Alt those that look alike.
 */
export function strokeOn(labelling: Labelling, events: PaintEvents): Stroke {
  let inner: Begun | null = null;
  return {
    down: (x, y, event) => {
      const cell = labelling.grid.at(x, y);
      if (!cell) return;
      if (event.shiftKey) inner = rectangle(labelling, cell, events);
      else if (event.ctrlKey || event.metaKey) labelling.selection.toggle(cell);
      else if (event.altKey) labelling.selection.set(cell);
      else inner = paint(labelling, cell);
      if (event.altKey) events.alike();
      events.selected();
    },
    move: (x, y) => inner?.move(x, y),
    up: () => inner?.up(),
    cancel: () => inner?.cancel(),
  };
}

/** A stroke whose press has been seen to. */
type Begun = Omit<Stroke, "down">;

function rectangle(labelling: Labelling, first: Cell, events: PaintEvents): Begun {
  const { grid, selection } = labelling;
  selection.extendTo(first);
  let moved = false;
  return {
    move: (x, y) => {
      const cell = grid.nearest(x, y);
      if (!moved && same(cell, first)) return;
      if (!moved) selection.set(first);
      moved = true;
      selection.extendTo(cell);
      events.selected();
    },
    up: () => {},
    cancel: () => selection.collapse(),
  };
}

function paint(labelling: Labelling, first: Cell): Begun {
  const { grid, selection } = labelling;
  let last = first;
  let changed = 0;
  const give = (cells: Cell[]): void => {
    const inside = cells.filter((cell) => grid.contains(cell));
    const end = inside.at(-1);
    if (!end) return;
    selection.set(end);
    const indices = inside.map((cell) => grid.index(cell));
    changed += labelling.answer(indices, labelling.brush);
  };
  labelling.beginStroke();
  give([first]);
  let moved = false;
  return {
    move: (x, y) => {
      const cell = grid.at(x, y);
      if (!cell || same(cell, last)) return;
      moved = true;
      give(grid.between(last, cell));
      last = cell;
    },
    up: () => {
      if (!moved && changed === 0) labelling.answer([grid.index(first)], null);
      labelling.endStroke();
    },
    cancel: () => labelling.cancelStroke(),
  };
}
