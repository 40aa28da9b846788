import type { Answer } from "../api/types";
import { type Rgb, rgb } from "../viewer/colours";

export const ANSWER_ORDER: Answer[] = ["yes", "no", "unsure"];

export const GLYPHS: Record<Answer, string> = { yes: "✓", no: "✗", unsure: "?" };

export const WORDS: Record<Answer, string> = { yes: "Yes", no: "No", unsure: "Unsure" };

export type AnswerColours = Record<Answer, Rgb>;

// Okabe and Ito's sky blue, orange and a grey: apart for every kind of colour vision. The style sheet may refine them.
const FALLBACK: Record<Answer, string> = { yes: "#56b4e9", no: "#e69f00", unsure: "#b9bec3" };

export function answerColours(): AnswerColours {
  const style = getComputedStyle(document.documentElement);
  const read = (answer: Answer): Rgb =>
    rgb(style.getPropertyValue(`--mw-${answer}`).trim() || FALLBACK[answer]);
  return { yes: read("yes"), no: read("no"), unsure: read("unsure") };
}
