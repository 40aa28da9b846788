import type { Layer } from "@deck.gl/core";
import { IconLayer } from "@deck.gl/layers";
import type { Answer } from "../api/types";
import { cellLayer, cellPixels, type Rgba } from "../viewer/cellImage";
import type { Cell } from "../viewer/grid";
import { cellsInSight, GridLines, outline } from "../viewer/gridLayers";
import type { Frame } from "../viewer/viewer";
import { answerOf } from "./answers";
import { GLYPH_MAPPING, glyphAtlas } from "./glyphs";
import type { Labelling } from "./labelling";
import type { AnswerColours } from "./palette";

const FILL: Record<Answer, number> = { yes: 95, no: 70, unsure: 85 };
const SMALLEST_WITH_GLYPH = 18;

interface Mark {
  position: [number, number];
  answer: Answer;
}

/** What lies over the image on the label screen: grid, answers, focus and pointer. */
export class LabelLayers {
  readonly #labelling: Labelling;
  readonly #lines: GridLines;
  readonly #atlas: string;
  readonly #colours: AnswerColours;
  #image: ImageData | null = null;
  #version = -1;
  hidden = false;
  pointer: Cell | null = null;

  constructor(labelling: Labelling, colours: AnswerColours) {
    this.#labelling = labelling;
    this.#lines = new GridLines(labelling.grid);
    this.#colours = colours;
    this.#atlas = glyphAtlas(colours);
  }

  build(frame: Frame): Layer[] {
    const answers = this.hidden ? [] : [this.#answers(), this.#glyphs(frame)];
    return [
      ...answers.filter((layer) => layer !== null),
      ...this.#lines.layers(frame.view),
      ...this.#focus(),
    ];
  }

  #codes(): Uint8Array | null {
    const { structure, answers } = this.#labelling;
    return structure === null ? null : answers.codes(structure);
  }

  #answers(): Layer | null {
    const codes = this.#codes();
    if (!codes) return null;
    if (!this.#image || this.#version !== this.#labelling.version) {
      this.#image = cellPixels(this.#labelling.grid, (index) => this.#colour(codes[index] ?? 0));
      this.#version = this.#labelling.version;
    }
    return cellLayer("answers", this.#labelling.grid, this.#image);
  }

  #colour(code: number): Rgba | null {
    const answer = answerOf(code);
    return answer && [...this.#colours[answer], FILL[answer]];
  }

  #marks(frame: Frame, codes: Uint8Array): Mark[] {
    const { grid } = this.#labelling;
    const { first, last } = cellsInSight(grid, frame.view, frame.canvas);
    const marks: Mark[] = [];
    for (let row = first.row; row <= last.row; row += 1) {
      for (let column = first.column; column <= last.column; column += 1) {
        const answer = answerOf(codes[grid.index({ row, column })] ?? 0);
        if (!answer) continue;
        marks.push({ position: [column * grid.patchSize, row * grid.patchSize], answer });
      }
    }
    return marks;
  }

  #glyphs(frame: Frame): Layer | null {
    const codes = this.#codes();
    const cell = this.#labelling.grid.patchSize * 2 ** frame.view.zoom;
    if (!codes || cell < SMALLEST_WITH_GLYPH) return null;
    const size = Math.max(11, Math.min(20, cell * 0.34));
    const inset = size / 2 + Math.min(4, cell * 0.06);
    return new IconLayer<Mark>({
      id: "glyphs",
      data: this.#marks(frame, codes),
      iconAtlas: this.#atlas,
      iconMapping: GLYPH_MAPPING,
      getIcon: ({ answer }) => answer,
      getPosition: ({ position }) => position,
      getSize: size,
      sizeUnits: "pixels",
      getPixelOffset: [inset, inset],
      updateTriggers: { getSize: size, getPixelOffset: inset },
    });
  }

  #focus(): Layer[] {
    const { grid, selection } = this.#labelling;
    const { top, left, bottom, right } = selection.corners;
    const [x0, y0] = grid.box({ row: top, column: left });
    const [, , x1, y1] = grid.box({ row: bottom, column: right });
    const pointer = this.pointer ? outline("pointer", [grid.box(this.pointer)], 1) : [];
    return [...pointer, ...outline("focus", [[x0, y0, x1, y1]], 2.5)];
  }
}
