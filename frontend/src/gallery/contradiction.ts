import { answerOf } from "../answers/code";
import { ANSWER_ORDER, GLYPHS, WORDS } from "../answers/palette";
import type { Answer } from "../api/types";
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
/** Of those whom a patch has room to name. */
const MOST_NAMED = 2;

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
      : [{ who: MODEL, value: score >= EVEN ? "yes" : "no", score: score.toFixed(2) }];
  return [...(own ? [{ who: YOU, value: own, score: "" }] : []), ...others, ...model];
}

/** In a sentence: "you said no, bob said yes, the model says yes (0.97)". */
export function contradiction(item: Item, user: number): string {
  return voices(item, user)
    .map(({ who, value, score }) => {
      const says = who === MODEL && score ? "the model says" : `${who} said`;
      return `${says} ${WORDS[value].toLowerCase()}${score && ` (${score})`}`;
    })
    .join(", ");
}

/** In short lines, as they fit on a patch: "bob ✗", "model ✓ .97". One's own answer has a sign of its own there. */
export function shortly(item: Item, user: number): string {
  const others = voices(item, user).filter(({ who }) => who !== YOU);
  const people = others.filter(({ score }) => score === "");
  const named = people.length > MOST_NAMED ? [counted(people)] : people.map(line);
  return [...named, ...others.filter(({ score }) => score !== "").map(line)].join("\n");
}

function line({ who, value, score }: Voice): string {
  const short = score.replace(/^0/, "").replace("1.00", "1");
  return [who, GLYPHS[value], short].filter(Boolean).join(" ");
}

/** Too many for names: "3 ✓ 1 ✗". */
function counted(people: readonly Voice[]): string {
  return ANSWER_ORDER.map((answer) => ({
    answer,
    count: people.filter(({ value }) => value === answer).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ answer, count }) => `${count} ${GLYPHS[answer]}`)
    .join(" ");
}
