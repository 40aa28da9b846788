import type { Layer } from "@deck.gl/core";
import { LineLayer, PathLayer } from "@deck.gl/layers";
import type { Cell, Grid } from "../grid";
import type { View } from "../view";

interface Line {
  from: [number, number];
  to: [number, number];
}

// Under this size on the screen, lines would cover more than they divide.
const SMALLEST_CELL = 7;

function lines(grid: Grid): Line[] {
  const { width, height } = grid;
  const down = grid
    .edges(width, grid.columns)
    .map((x): Line => ({ from: [x, 0], to: [x, height] }));
  const across = grid.edges(height, grid.rows).map((y): Line => ({ from: [0, y], to: [width, y] }));
  return [...down, ...across];
}

/** The lines of a patch grid: a light one on a dark one, to be seen on any image. */
export class GridLines {
  readonly #lines: Line[];
  readonly #grid: Grid;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#lines = lines(grid);
  }

  layers(view: View): Layer[] {
    if (this.#grid.step * 2 ** view.zoom < SMALLEST_CELL) return [];
    const line = (id: string, width: number, color: [number, number, number, number]) =>
      new LineLayer<Line>({
        id,
        data: this.#lines,
        getSourcePosition: ({ from }) => from,
        getTargetPosition: ({ to }) => to,
        getColor: color,
        getWidth: width,
        widthUnits: "pixels",
      });
    return [line("grid-dark", 2.5, [0, 0, 0, 70]), line("grid-light", 1, [255, 255, 255, 80])];
  }
}

/** In px of the image. */
export type Box = [left: number, top: number, right: number, bottom: number];

export function boxPath([left, top, right, bottom]: Box): [number, number][] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ];
}

/** Boxes around patches, drawn as a light line on a dark one. */
export function outline(id: string, boxes: Box[], width: number): Layer[] {
  const path = (part: string, thick: number, color: [number, number, number, number]) =>
    new PathLayer<Box>({
      id: `${id}-${part}`,
      data: boxes,
      getPath: boxPath,
      getColor: color,
      getWidth: thick,
      widthUnits: "pixels",
      jointRounded: true,
    });
  return [path("dark", width + 3, [0, 0, 0, 170]), path("light", width, [255, 255, 255, 255])];
}

/** The patches that may be in sight: [first row, last row, first column, last column]. */
export function cellsInSight(
  grid: Grid,
  view: View,
  canvas: { width: number; height: number },
): { first: Cell; last: Cell } {
  const half = { x: canvas.width / 2 / 2 ** view.zoom, y: canvas.height / 2 / 2 ** view.zoom };
  return {
    first: grid.nearest(view.x - half.x, view.y - half.y),
    last: grid.nearest(view.x + half.x, view.y + half.y),
  };
}
