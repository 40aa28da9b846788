import type { Layer } from "@deck.gl/core";
import { IconLayer } from "@deck.gl/layers";
import type { Cell, Grid } from "../viewer/grid";

const SIZE = 64;
const MAPPING = { remark: { x: 0, y: 0, width: SIZE, height: SIZE } };

/** A speech bubble with an exclamation mark, drawn, as the glyphs of answers are. */
function bubble(): string {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser cannot draw on a canvas.");
  pen.beginPath();
  pen.roundRect(4, 4, 56, 42, 10);
  pen.moveTo(16, 44);
  pen.lineTo(16, 60);
  pen.lineTo(32, 44);
  pen.fillStyle = "#f0e442";
  pen.fill();
  pen.lineWidth = 3;
  pen.strokeStyle = "#0d0e0f";
  pen.stroke();
  pen.fillStyle = "#0d0e0f";
  pen.fillRect(29, 11, 6, 18);
  pen.fillRect(29, 33, 6, 6);
  return canvas.toDataURL();
}

/** A badge in the upper right corner of each patch that was sent back. */
export class Badges {
  readonly #grid: Grid;
  #atlas = "";

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  layers(cells: Cell[]): Layer[] {
    if (cells.length === 0) return [];
    this.#atlas ||= bubble();
    return [
      new IconLayer<Cell>({
        id: "sent-back",
        data: cells,
        iconAtlas: this.#atlas,
        iconMapping: MAPPING,
        getIcon: () => "remark",
        getPosition: (cell) => {
          const [, top, right] = this.#grid.cellBox(cell);
          return [right, top];
        },
        getSize: 24,
        sizeUnits: "pixels",
        getPixelOffset: [-12, 12],
      }),
    ];
  }
}
