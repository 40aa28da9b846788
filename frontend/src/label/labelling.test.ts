import { describe, expect, it } from "vitest";
import type { Code } from "../answers/code";
import { Grid } from "../viewer/grid";
import { Labelling } from "./labelling";

type Given = [structure: number, index: number, code: Code];

/** A labelling whose server has heard of nothing yet. */
function begun(): { screen: Labelling; given: Given[]; awaited: Set<number> } {
  const awaited = new Set<number>();
  const given: Given[] = [];
  const screen = new Labelling(new Grid(30, 40, 10), {
    changed: () => {},
    given: (structure, codes) => {
      for (const [index, code] of codes) given.push([structure, index, code]);
    },
    awaited: (_, index) => awaited.has(index),
    pending: (asked) =>
      given.filter(([structure]) => structure === asked).map(([, index, code]) => [index, code]),
  });
  screen.choose(1);
  return { screen, given, awaited };
}

function labelling(): Labelling {
  const { screen } = begun();
  screen.load(1, []);
  return screen;
}

describe("labelling", () => {
  it("answers the focus patch and moves on", () => {
    const screen = labelling();
    screen.answerSelection("yes");
    screen.answerSelection("no");
    expect([...screen.answers.codes(1).slice(0, 3)]).toEqual([1, 2, 0]);
    expect(screen.selection.focus).toEqual({ row: 0, column: 2 });
  });

  it("gives an answer once more where a manager waits for it, and nowhere else", () => {
    const { screen, given, awaited } = begun();
    screen.load(1, []);
    screen.answer([3, 4], "no");
    awaited.add(3);
    expect(screen.answer([3, 4], "no")).toBe(1);
    expect(given.slice(2)).toEqual([[1, 3, 2]]);
  });

  it("asks about no patch that is left out", () => {
    const screen = labelling();
    screen.leaveOut([1, 2]);
    expect(screen.answers.counts(1, screen.leftOut)).toMatchObject({ open: 10, answered: 0 });
    screen.focusNextOpen();
    expect(screen.selection.focus).toEqual({ row: 0, column: 3 });
    expect(screen.answerOpen("no")).toBe(10);
    expect(screen.answers.codes(1)[1]).toBe(0);
    expect(screen.focusNextOpen()).toBe(false);
  });

  it("goes on past patches that are left out, and stays on the last", () => {
    const screen = labelling();
    screen.leaveOut([1, 2]);
    screen.answerSelection("yes");
    expect(screen.selection.focus).toEqual({ row: 0, column: 3 });
    screen.selection.set({ row: 2, column: 3 });
    screen.answerSelection("yes");
    expect(screen.selection.focus).toEqual({ row: 2, column: 3 });
  });

  it("answers the rest of what is in sight alone", () => {
    const screen = labelling();
    screen.answer([0], "yes");
    screen.leaveOut([1]);
    expect(screen.answerOpen("no", [0, 1, 2, 3])).toBe(2);
    expect([...screen.answers.codes(1).slice(0, 5)]).toEqual([1, 0, 2, 2, 0]);
  });

  it("takes several suggestions as one step", () => {
    const screen = labelling();
    const suggested = new Map([
      [0, "yes"],
      [1, "no"],
      [2, "yes"],
    ] as const);
    expect(screen.answerEach(suggested)).toBe(3);
    expect([...screen.answers.codes(1).slice(0, 3)]).toEqual([1, 2, 1]);
    screen.undo();
    expect(screen.answers.counts(1).answered).toBe(0);
  });

  it("keeps patches that were left out in the same history as answers", () => {
    const screen = labelling();
    screen.answer([0], "yes");
    screen.keepLeftOut([3, 4], true);
    expect(screen.undo()).toEqual({ leftOut: true, changes: [3, 4] });
    expect(screen.answers.counts(1).yes).toBe(1);
    screen.revert(true);
    expect(screen.undo()).toEqual({ leftOut: true, changes: [3, 4] });
    expect(screen.redo()).toEqual({ leftOut: true, changes: [3, 4] });
    screen.revert(false);
    expect(screen.canRedo).toBe(true);
  });

  it("counts an answer on a patch that is left out, but not as open", () => {
    const screen = labelling();
    screen.answer([1], "yes");
    screen.leaveOut([1, 2]);
    expect(screen.answers.counts(1, screen.leftOut)).toMatchObject({ open: 10, yes: 1 });
    screen.leaveOut([]);
    expect(screen.answers.counts(1, screen.leftOut)).toMatchObject({ open: 11, yes: 1 });
  });

  it("answers a whole selection and stays on it", () => {
    const screen = labelling();
    screen.selection.move(1, 1, true);
    screen.answerSelection("unsure");
    expect(screen.answers.counts(1).unsure).toBe(4);
    expect(screen.selection.many).toBe(true);
  });

  it("undoes a drag in one step and sends the old answers again", () => {
    const { screen, given } = begun();
    screen.load(1, []);
    screen.answer([0], "no");
    screen.beginStroke();
    screen.answer([0, 1], "yes");
    screen.answer([2], "yes");
    screen.endStroke();
    screen.undo();
    expect([...screen.answers.codes(1).slice(0, 3)]).toEqual([2, 0, 0]);
    expect(given.slice(-3)).toEqual([
      [1, 0, 2],
      [1, 1, 0],
      [1, 2, 0],
    ]);
  });

  it("takes a drag back that a second finger broke off, without a trace in the history", () => {
    const screen = labelling();
    screen.beginStroke();
    screen.answer([0, 1], "yes");
    screen.cancelStroke();
    expect(screen.answers.counts(1).answered).toBe(0);
    expect(screen.canUndo).toBe(false);
  });

  it("answers all that is open with no, undoably", () => {
    const screen = labelling();
    screen.answer([3], "yes");
    expect(screen.answerOpen("no")).toBe(11);
    expect(screen.answers.counts(1)).toMatchObject({ yes: 1, no: 11, open: 0 });
    screen.undo();
    expect(screen.answers.counts(1)).toMatchObject({ yes: 1, no: 0, open: 11 });
  });

  it("takes no answer before the server's are here", () => {
    const { screen, given } = begun();
    expect(screen.answer([0], "yes")).toBe(0);
    expect(given).toEqual([]);
  });

  it("goes to the next patch without an answer", () => {
    const screen = labelling();
    screen.answer([1, 2], "no");
    expect(screen.focusNextOpen()).toBe(true);
    expect(screen.selection.focus).toEqual({ row: 0, column: 3 });
  });

  it("keeps an unsent answer when the server's older one arrives", () => {
    const screen = labelling();
    screen.answer([0], "yes");
    screen.load(1, [
      { row: 0, column: 0, structure: 1, value: "no" },
      { row: 0, column: 1, structure: 1, value: "no" },
    ]);
    expect([...screen.answers.codes(1).slice(0, 2)]).toEqual([1, 2]);
  });
});
