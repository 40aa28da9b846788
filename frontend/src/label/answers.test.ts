import { describe, expect, it } from "vitest";
import type { Label } from "../api/types";
import { Answers } from "./answers";

function label(row: number, column: number, value: Label["value"]): Label {
  return { row, column, structure: 1, value };
}

describe("answers", () => {
  it("tells only of real changes", () => {
    const answers = new Answers(4);
    expect(answers.paint(1, [0, 1], "yes")).toHaveLength(2);
    expect(answers.paint(1, [1, 2], "yes")).toEqual([{ index: 2, before: 0, after: 1 }]);
  });

  it("keeps structures apart", () => {
    const answers = new Answers(4);
    answers.paint(1, [0], "yes");
    expect(answers.counts(2).answered).toBe(0);
  });

  it("ignores patches that do not exist", () => {
    expect(new Answers(4).paint(1, [4, 99], "no")).toEqual([]);
  });

  it("counts each answer and what is open", () => {
    const answers = new Answers(6);
    answers.paint(1, [0, 1], "yes");
    answers.paint(1, [2], "no");
    answers.paint(1, [3], "unsure");
    expect(answers.counts(1)).toEqual({ yes: 2, no: 1, unsure: 1, answered: 4, open: 2 });
    expect(answers.open(1)).toEqual([4, 5]);
  });

  it("takes the server's labels in place of what was there", () => {
    const answers = new Answers(6);
    answers.paint(1, [0], "yes");
    answers.load(1, [label(1, 2, "no"), label(0, 1, "unsure"), label(9, 0, "yes")], 3);
    expect([...answers.codes(1)]).toEqual([0, 3, 0, 0, 0, 2]);
  });

  it("finds the next open patch, from the start again at the end", () => {
    const answers = new Answers(4);
    answers.paint(1, [2, 3], "yes");
    expect(answers.nextOpen(1, 1)).toBe(0);
    expect(answers.nextOpen(1, 0)).toBe(1);
    answers.paint(1, [0, 1], "no");
    expect(answers.nextOpen(1, 0)).toBeNull();
  });
});
