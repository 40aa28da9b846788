import type { Layer } from "@deck.gl/core";
import { IconLayer, PathLayer } from "@deck.gl/layers";
import { answerOf } from "../answers/code";
import { GLYPH_MAPPING, glyphAtlas } from "../answers/glyphs";
import type { AnswerColours } from "../answers/palette";
import type { Answer } from "../api/types";
import type { Cell } from "../viewer/grid";
import { cellLayer, cellPixels, type Rgba } from "../viewer/layers/cellImage";
import { type Box, boxPath, cellsInSight, GridLines, outline } from "../viewer/layers/grid";
import type { Frame } from "../viewer/viewer";
import { ChosenLayers } from "./chosenLayers";
import type { Labelling } from "./labelling";

// Of 255. Where there is room for a frame and a glyph, the fill is a mere breath: colours of the image are judged too.
const FILL_SMALL: Record<Answer, number> = { yes: 95, no: 70, unsure: 85 };
const FILL_LARGE: Record<Answer, number> = { yes: 30, no: 22, unsure: 26 };
const FRAME: Record<Answer, number> = { yes: 235, no: 150, unsure: 190 };
const SMALLEST_WITH_GLYPH = 18;

interface Mark {
  position: [number, number];
  frame: [number, number][];
  answer: Answer;
}

function mark([left, top, right, bottom]: Box, answer: Answer, inset: number): Mark {
  const frame = boxPath([left + inset, top + inset, right - inset, bottom - inset]);
  return { position: [left, top], frame, answer };
}

/** What lies over the image on the label screen: grid, answers, focus and pointer. */
export class LabelLayers {
  readonly #labelling: Labelling;
  readonly #lines: GridLines;
  readonly #atlas: string;
  readonly #colours: AnswerColours;
  #image: { key: string; data: ImageData } | null = null;
  readonly #chosen = new ChosenLayers();
  #inSight: { key: string; marks: Mark[] } | null = null;
  hidden = false;
  pointer: Cell | null = null;

  constructor(labelling: Labelling, colours: AnswerColours) {
    this.#labelling = labelling;
    this.#lines = new GridLines(labelling.grid);
    this.#colours = colours;
    this.#atlas = glyphAtlas(colours);
  }

  build(frame: Frame): Layer[] {
    const codes = this.#codes();
    const answers = this.hidden || !codes ? [] : this.#answers(frame, codes);
    return [...answers, ...this.#lines.layers(frame.view), ...this.#focus()];
  }

  #codes(): Uint8Array | null {
    const { structure, answers } = this.#labelling;
    return structure === null ? null : answers.codes(structure);
  }

  #answers(frame: Frame, codes: Uint8Array): Layer[] {
    const cell = this.#labelling.grid.step * 2 ** frame.view.zoom;
    const large = cell >= SMALLEST_WITH_GLYPH;
    const fill = cellLayer("answers", this.#labelling.grid, this.#fill(codes, large));
    if (!large) return [fill];
    const marks = this.#marks(frame, codes);
    return [fill, this.#frames(marks), this.#glyphs(marks, cell)];
  }

  #fill(codes: Uint8Array, large: boolean): ImageData {
    const key = `${this.#labelling.version} ${large}`;
    if (this.#image?.key !== key) {
      const alphas = large ? FILL_LARGE : FILL_SMALL;
      const colour = (index: number): Rgba | null => {
        const answer = answerOf(codes[index] ?? 0);
        return answer && [...this.#colours[answer], alphas[answer]];
      };
      this.#image = { key, data: cellPixels(this.#labelling.grid, colour) };
    }
    return this.#image.data;
  }

  /** The answers in sight; the same array as before while nothing moved, so that deck.gl has nothing to renew. */
  #marks(frame: Frame, codes: Uint8Array): Mark[] {
    const { grid, version } = this.#labelling;
    const { first, last } = cellsInSight(grid, frame.view, frame.canvas);
    const inset = 2 / 2 ** frame.view.zoom;
    const key = [version, grid.index(first), grid.index(last), inset].join(" ");
    if (this.#inSight?.key === key) return this.#inSight.marks;
    const marks: Mark[] = [];
    for (let row = first.row; row <= last.row; row += 1) {
      for (let column = first.column; column <= last.column; column += 1) {
        const answer = answerOf(codes[grid.index({ row, column })] ?? 0);
        if (answer) marks.push(mark(grid.cellBox({ row, column }), answer, inset));
      }
    }
    this.#inSight = { key, marks };
    return marks;
  }

  #frames(marks: Mark[]): Layer {
    return new PathLayer<Mark>({
      id: "frames",
      data: marks,
      getPath: ({ frame }) => frame,
      getColor: ({ answer }) => [...this.#colours[answer], FRAME[answer]],
      getWidth: 2,
      widthUnits: "pixels",
    });
  }

  #glyphs(marks: Mark[], cell: number): Layer {
    const size = Math.max(11, Math.min(20, cell * 0.34));
    const inset = size / 2 + Math.min(4, cell * 0.06);
    return new IconLayer<Mark>({
      id: "glyphs",
      data: marks,
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
    const pointer = this.pointer ? outline("pointer", [grid.box(this.pointer)], 1) : [];
    if (selection.chosen) {
      const focus = outline("focus", [grid.box(selection.focus)], 2.5);
      return [...this.#chosen.layers(grid, selection.chosen), ...pointer, ...focus];
    }
    const { top, left, bottom, right } = selection.corners;
    const [x0, y0] = grid.box({ row: top, column: left });
    const [, , x1, y1] = grid.box({ row: bottom, column: right });
    return [...pointer, ...outline("focus", [[x0, y0, x1, y1]], 2.5)];
  }
}
