import type { Layer } from "@deck.gl/core";
import { PathStyleExtension } from "@deck.gl/extensions";
import { PathLayer, TextLayer } from "@deck.gl/layers";
import type { AnswerColours } from "../answers/palette";
import type { Answer } from "../api/types";
import { boxPath } from "../viewer/layers/grid";
import type { Frame } from "../viewer/viewer";
import type { Hints } from "./hints";
import type { Labelling } from "./labelling";
import { inSight } from "./sight";

interface Mark {
  position: [number, number];
  frame: [number, number][];
  answer: Answer;
  score: string;
}

const DASHED = [new PathStyleExtension({ dash: true })];
// Screen px of a patch: where dashes can be told from a line, and where a number has room.
const SMALLEST = 9;
const SMALLEST_WITH_SCORE = 40;

/** What a model suggests: dashed frames with the score, never the full frame of an answer. */
export class HintLayers {
  readonly #labelling: Labelling;
  readonly #hints: Hints;
  readonly #colours: AnswerColours;
  #kept: { key: string; marks: Mark[] } | null = null;

  constructor(labelling: Labelling, hints: Hints, colours: AnswerColours) {
    this.#labelling = labelling;
    this.#hints = hints;
    this.#colours = colours;
  }

  build(frame: Frame): Layer[] {
    const cell = this.#labelling.grid.step * 2 ** frame.view.zoom;
    if (!this.#hints.suggestions.on || cell < SMALLEST) return [];
    const marks = this.#marks(frame);
    const frames = this.#frames(marks);
    return cell < SMALLEST_WITH_SCORE ? [frames] : [frames, this.#scores(marks)];
  }

  /** The same array as before while nothing moved, so that deck.gl has nothing to renew. */
  #marks(frame: Frame): Mark[] {
    const { grid, version, structure } = this.#labelling;
    const { threshold } = this.#hints.suggestions;
    const { x, y, zoom } = frame.view;
    const known = this.#hints.known;
    const key = [version, structure, threshold, known, x, y, zoom].join(" ");
    if (this.#kept?.key === key) return this.#kept.marks;
    const inset = 2 / 2 ** zoom;
    const suggested = this.#hints.among(inSight(grid, frame.view, frame.canvas));
    const marks = [...suggested].map(([index, answer]): Mark => {
      const [left, top, right, bottom] = grid.cellBox(grid.cell(index));
      const box = boxPath([left + inset, top + inset, right - inset, bottom - inset]);
      const score = (this.#hints.score(index) ?? 0).toFixed(2);
      return { position: [left, top], frame: box, answer, score };
    });
    this.#kept = { key, marks };
    return marks;
  }

  #frames(marks: Mark[]): Layer {
    return new PathLayer<Mark, { getDashArray: [number, number]; dashJustified: boolean }>({
      id: "suggestions",
      data: marks,
      getPath: ({ frame }) => frame,
      getColor: ({ answer }) => [...this.#colours[answer], 255],
      getWidth: 2,
      widthUnits: "pixels",
      getDashArray: [3, 2.5],
      dashJustified: true,
      extensions: DASHED,
    });
  }

  #scores(marks: Mark[]): Layer {
    return new TextLayer<Mark>({
      id: "suggested-scores",
      data: marks,
      characterSet: "0123456789.",
      getText: ({ score }) => score,
      getPosition: ({ position }) => position,
      getColor: ({ answer }) => [...this.#colours[answer], 255],
      getSize: 12,
      getTextAnchor: "start",
      getAlignmentBaseline: "top",
      getPixelOffset: [7, 7],
      fontFamily: "system-ui, sans-serif",
      fontWeight: 600,
      background: true,
      getBackgroundColor: [10, 11, 11, 205],
      backgroundPadding: [4, 2],
    });
  }
}
