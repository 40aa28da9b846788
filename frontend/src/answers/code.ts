import type { Answer } from "../api/types";

/** 0 stands for "not answered": so a grid of a million patches is one megabyte per structure. */
export type Code = 0 | 1 | 2 | 3;

export const CODES: Record<Answer, Code> = { yes: 1, no: 2, unsure: 3 };
const ANSWERS: (Answer | null)[] = [null, "yes", "no", "unsure"];

export function answerOf(code: number): Answer | null {
  return ANSWERS[code] ?? null;
}

export function codeOf(answer: Answer | null): Code {
  return answer === null ? 0 : CODES[answer];
}
