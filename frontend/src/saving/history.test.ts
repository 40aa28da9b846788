import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { AnswerDatabase } from "./database";
import { StepHistory } from "./history";

const step = (...changes: number[]) => ({ changes });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

async function visit(scope = "bob"): Promise<StepHistory<{ changes: number[] }>> {
  const history = new StepHistory<{ changes: number[] }>(scope, await AnswerDatabase.open());
  await history.open();
  return history;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

describe("the history", () => {
  it("goes back and forth in order", async () => {
    const history = await visit();
    history.push(step(1));
    history.push(step(2));
    expect([history.undo(), history.undo(), history.undo()]).toEqual([step(2), step(1), null]);
    expect(history.redo()).toEqual(step(1));
  });

  it("forgets what was undone after something new", async () => {
    const history = await visit();
    history.push(step(1));
    history.undo();
    history.push(step(3));
    expect(history.redo()).toBeNull();
    expect(history.undo()).toEqual(step(3));
  });

  it("keeps no step that changed nothing", async () => {
    const history = await visit();
    history.push(step());
    expect(history.canUndo).toBe(false);
  });

  it("is there again after a reload, what was undone as well", async () => {
    const before = await visit();
    for (const number of [1, 2, 3]) before.push(step(number));
    before.undo();
    before.undo();
    await settled();
    const after = await visit();
    expect([after.redo(), after.redo(), after.redo()]).toEqual([step(2), step(3), null]);
    await settled();
    const later = await visit();
    expect([later.undo(), later.undo(), later.undo(), later.undo()]).toEqual([
      step(3),
      step(2),
      step(1),
      null,
    ]);
  });

  it("is of one person and one place", async () => {
    (await visit("bob")).push(step(1));
    await settled();
    expect((await visit("carol")).canUndo).toBe(false);
  });

  it("says what a reload would not bring back yet, and when it would", async () => {
    const told: boolean[] = [];
    const painted: (() => void)[] = [];
    const history: StepHistory<{ changes: number[] }> = new StepHistory(
      "bob",
      await AnswerDatabase.open(),
      { painted: (run) => painted.push(run), changed: () => told.push(history.unwritten) },
    );
    history.push(step(1));
    history.undo();
    expect([history.unwritten, told]).toEqual([true, [true]]);
    painted.shift()?.();
    await vi.waitFor(() => expect(history.unwritten).toBe(false));
    expect(told).toEqual([true, false]);
    expect((await visit()).redo()).toEqual(step(1));
  });

  it("remembers two hundred steps", async () => {
    const history = await visit();
    for (let number = 1; number <= 205; number += 1) history.push(step(number));
    const kept = async (): Promise<number> => {
      let count = 0;
      const again = await visit("bob");
      while (again.undo()) count += 1;
      return count;
    };
    await vi.waitFor(async () => {
      const database = await AnswerDatabase.open();
      expect(await database?.steps("bob")).toHaveLength(200);
    });
    expect(await kept()).toBe(200);
  });
});
