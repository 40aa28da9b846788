import { answerOf } from "../answers/code";
import type { Answer } from "../api/types";
import type { AnswerColours } from "../label/palette";
import { hex } from "../viewer/colours";
import type { Rectangle } from "./layout";
import type { Part } from "./pictures";
import type { Item } from "./types";

export interface CellLook {
  part: Part | null;
  item: Item;
  focus: boolean;
  selected: boolean;
  /** What a model suggests, where that is shown. */
  suggestion: Answer | null;
}

const GLYPH: Record<Answer, [number, number][][]> = {
  yes: [
    [
      [-0.28, 0.02],
      [-0.08, 0.22],
      [0.28, -0.2],
    ],
  ],
  no: [
    [
      [-0.2, -0.2],
      [0.2, 0.2],
    ],
    [
      [0.2, -0.2],
      [-0.2, 0.2],
    ],
  ],
  unsure: [
    [
      [-0.16, -0.14],
      [-0.08, -0.25],
      [0.08, -0.25],
      [0.16, -0.14],
      [0.12, -0.02],
      [0, 0.07],
    ],
    [
      [0, 0.24],
      [0, 0.26],
    ],
  ],
};

/** Draws one patch with its answer: a frame in a colour and a sign, never a colour alone. */
export class CellBrush {
  readonly #pen: CanvasRenderingContext2D;
  readonly #colours: Record<Answer, string>;

  constructor(pen: CanvasRenderingContext2D, colours: AnswerColours) {
    this.#pen = pen;
    const { yes, no, unsure } = colours;
    this.#colours = { yes: hex(yes), no: hex(no), unsure: hex(unsure) };
  }

  draw(at: Rectangle, look: CellLook): void {
    const { part, item } = look;
    const pen = this.#pen;
    pen.fillStyle = "#191b1c";
    pen.fillRect(at.x, at.y, at.width, at.height);
    if (part) {
      const { picture, x, y, size } = part;
      pen.drawImage(picture, x, y, size, size, at.x, at.y, at.width, at.height);
    }
    const answer = answerOf(item.code);
    if (answer) this.#answer(at, answer);
    else if (look.suggestion) this.#suggestion(at, look.suggestion, item.score ?? 0);
    if (look.selected) this.#ring(at, 2, "#ffffff", [5, 3]);
    if (look.focus) this.#ring(at, 3, "#ffffff", []);
  }

  #answer(at: Rectangle, answer: Answer): void {
    const width = Math.max(2, Math.min(4, at.width / 24));
    this.#frame(at, width, this.#colours[answer], []);
    this.#sign(at, answer);
  }

  #suggestion(at: Rectangle, answer: Answer, score: number): void {
    this.#frame(at, 2, this.#colours[answer], [6, 4]);
    if (at.width < 40) return;
    const pen = this.#pen;
    const text = `${score.toFixed(2)}`;
    pen.font = "600 12px system-ui, sans-serif";
    const width = pen.measureText(text).width + 8;
    pen.fillStyle = "rgb(10 11 11 / 80%)";
    pen.fillRect(at.x + 3, at.y + 3, width, 17);
    pen.fillStyle = this.#colours[answer];
    pen.fillText(text, at.x + 7, at.y + 16);
  }

  #frame(at: Rectangle, width: number, colour: string, dash: number[]): void {
    const pen = this.#pen;
    pen.setLineDash(dash);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    const inset = width / 2;
    pen.strokeRect(at.x + inset, at.y + inset, at.width - width, at.height - width);
    pen.setLineDash([]);
  }

  /** A light ring on a dark one, to be seen on any image. */
  #ring(at: Rectangle, width: number, colour: string, dash: number[]): void {
    const outer = { x: at.x - 1, y: at.y - 1, width: at.width + 2, height: at.height + 2 };
    if (dash.length === 0) this.#frame(outer, width + 3, "#000000", []);
    this.#frame(outer, width, colour, dash);
  }

  #sign(at: Rectangle, answer: Answer): void {
    const pen = this.#pen;
    const size = Math.max(12, Math.min(24, at.width * 0.3));
    const [x, y] = [at.x + at.width - size * 0.62, at.y + at.height - size * 0.62];
    pen.beginPath();
    pen.arc(x, y, size / 2, 0, 2 * Math.PI);
    pen.fillStyle = this.#colours[answer];
    pen.fill();
    pen.beginPath();
    for (const line of GLYPH[answer]) {
      line.forEach(([right, down], step) => {
        if (step === 0) pen.moveTo(x + right * size, y + down * size);
        else pen.lineTo(x + right * size, y + down * size);
      });
    }
    pen.lineWidth = Math.max(2, size / 9);
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.strokeStyle = "#0d0e0f";
    pen.stroke();
  }
}
