import type { Answer } from "../api/types";
import { hex } from "../viewer/colours";
import { ANSWER_ORDER, type AnswerColours } from "./palette";

const SIZE = 64;

export const GLYPH_MAPPING = Object.fromEntries(
  ANSWER_ORDER.map((answer, i) => [answer, { x: i * SIZE, y: 0, width: SIZE, height: SIZE }]),
);

type Draw = (pen: CanvasRenderingContext2D) => void;

// Drawn, not typed: a font's ✓ looks different, or is missing, on another machine.
const DRAW: Record<Answer, Draw> = {
  yes: (pen) => {
    pen.moveTo(17, 34);
    pen.lineTo(28, 45);
    pen.lineTo(47, 21);
  },
  no: (pen) => {
    pen.moveTo(20, 20);
    pen.lineTo(44, 44);
    pen.moveTo(44, 20);
    pen.lineTo(20, 44);
  },
  unsure: (pen) => {
    pen.arc(32, 25, 9, Math.PI, Math.PI * 0.45, false);
    pen.lineTo(32, 39);
    pen.moveTo(32, 48);
    pen.lineTo(32, 48.5);
  },
};

function drawGlyph(pen: CanvasRenderingContext2D, answer: Answer, colour: string): void {
  pen.beginPath();
  pen.arc(32, 32, 29, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 3;
  pen.strokeStyle = "rgba(10, 11, 12, 0.85)";
  pen.stroke();
  pen.beginPath();
  pen.lineWidth = 8;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = "#0d0e0f";
  DRAW[answer](pen);
  pen.stroke();
}

function canvasOf(width: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser cannot draw on a canvas.");
  return [canvas, pen];
}

/** The three glyphs side by side, as a picture for deck.gl's icons. */
export function glyphAtlas(colours: AnswerColours): string {
  const [canvas, pen] = canvasOf(SIZE * ANSWER_ORDER.length);
  for (const answer of ANSWER_ORDER) {
    pen.save();
    pen.translate(SIZE * ANSWER_ORDER.indexOf(answer), 0);
    drawGlyph(pen, answer, hex(colours[answer]));
    pen.restore();
  }
  return canvas.toDataURL();
}

/** One glyph as a picture of its own. */
export async function glyphBlob(answer: Answer, colours: AnswerColours): Promise<Blob> {
  const [canvas, pen] = canvasOf(SIZE);
  drawGlyph(pen, answer, hex(colours[answer]));
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!blob) throw new Error("This browser cannot draw on a canvas.");
  return blob;
}
