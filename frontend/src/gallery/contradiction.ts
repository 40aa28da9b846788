import { answerOf } from "../answers/code";
import type { Answer } from "../api/types";
import { GLYPHS, WORDS } from "../label/palette";
import type { Item } from "./types";

/** Somebody's word about a patch, or a model's, with its score. */
interface Voice {
  who: string;
  value: Answer;
  score: string;
}

const MODEL = "model";
const YOU = "you";
const EVEN = 0.5;
/** What is legible on a patch. */
const MOST_LINES = 3;

/** Who contradicts whom: you, the others, a model. Nobody where the list is not about that. */
function voices({ code, said, score }: Item, user: number): Voice[] {
  if (said === null) return [];
  const own = answerOf(code);
  const others = said
    .filter((one) => one.annotator_id !== user)
    .map(({ annotator, value }): Voice => ({ who: annotator, value, score: "" }));
  const model: Voice[] =
    score === null
      ? []
      : [{ who: MODEL, value: score >= EVEN ? "yes" : "no", score: ` ${score.toFixed(2)}` }];
  return [...(own ? [{ who: YOU, value: own, score: "" }] : []), ...others, ...model];
}

/** In a sentence: "you said no, bob said yes, the model says yes 0.97". */
export function contradiction(item: Item, user: number): string {
  return voices(item, user)
    .map(({ who, value, score }) => {
      const says = who === MODEL && score ? "the model says" : `${who} said`;
      return `${says} ${WORDS[value].toLowerCase()}${score}`;
    })
    .join(", ");
}

/** In short lines, as they fit on a patch: "you ✗", "model ✓ 0.97". */
export function shortly(item: Item, user: number): string {
  const all = voices(item, user);
  const lines = all.map(({ who, value, score }) => `${who} ${GLYPHS[value]}${score}`);
  if (lines.length <= MOST_LINES) return lines.join("\n");
  // The model's word is the last line, whoever must be left out.
  const last = lines.slice(-1);
  const first = lines.slice(0, MOST_LINES - 2);
  return [...first, `and ${lines.length - MOST_LINES + 1} more`, ...last].join("\n");
}
