import { answerOf } from "../answers/code";
import { WORDS } from "../answers/palette";
import type { CellLook } from "./cells";
import { contradiction, shortly } from "./contradiction";
import type { Desk } from "./desk";
import type { Part } from "./pictures";
import type { Item } from "./types";

/** A patch as people see it and as a screen reader tells it. */
export function lookOf(
  desk: Desk,
  names: ReadonlyMap<number, string>,
  index: number,
  part: Part | null,
): CellLook {
  const { list, selection, suggestions, user } = desk;
  const item = list.items[index];
  if (!item) return NOTHING;
  const suggestion = suggestions.of(item);
  const where = `${names.get(item.image) ?? "Image"}, row ${item.row + 1}, column ${item.column + 1}`;
  return {
    label: `${where}: ${told(desk, item)}`,
    part,
    answer: answerOf(item.code),
    out: item.out,
    focus: index === selection.focus,
    selected: selection.has(index),
    suggestion,
    score: item.score?.toFixed(2) ?? "",
    says: shortly(item, user),
    back: desk.answering.isSentBack(item),
  };
}

/** All that is to be said of a patch, in words. */
function told({ list, suggestions, sentBack, user }: Desk, item: Item): string {
  const answer = answerOf(item.code);
  const against = contradiction(item, user);
  const own = answer ? WORDS[answer] : item.out ? "left out" : "no answer";
  const suggestion = suggestions.of(item);
  const hint = suggestion ? `suggested ${suggestion}, score ${item.score?.toFixed(2)}` : "";
  const remark = sentBack.about(item, list.structure);
  const back = remark ? `sent back by ${remark.by}${remark.text && `: ${remark.text}`}` : "";
  // Where people contradict each other, one's own answer is the first of theirs.
  const said = answer && against ? "" : own;
  return [said, hint, against, back].filter(Boolean).join(", ");
}

const NOTHING: CellLook = {
  label: "",
  part: null,
  answer: null,
  out: false,
  focus: false,
  selected: false,
  suggestion: null,
  score: "",
  says: "",
  back: false,
};
