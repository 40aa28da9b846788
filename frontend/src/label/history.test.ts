import { describe, expect, it } from "vitest";
import type { Change } from "./answers";
import { History, join } from "./history";

const step = (index: number) => ({
  structure: 1,
  changes: [{ index, before: 0, after: 1 } as Change],
});

describe("history", () => {
  it("goes back and forth in order", () => {
    const history = new History();
    history.push(step(1));
    history.push(step(2));
    expect(history.undo()).toEqual(step(2));
    expect(history.undo()).toEqual(step(1));
    expect(history.undo()).toBeNull();
    expect(history.redo()).toEqual(step(1));
  });

  it("forgets what was undone after something new", () => {
    const history = new History();
    history.push(step(1));
    history.undo();
    history.push(step(3));
    expect(history.redo()).toBeNull();
    expect(history.undo()).toEqual(step(3));
  });

  it("keeps no step that changed nothing", () => {
    const history = new History();
    history.push({ structure: 1, changes: [] });
    expect(history.canUndo).toBe(false);
  });
});

describe("joining the changes of one stroke", () => {
  it("goes from the first answer to the last", () => {
    const first: Change[] = [{ index: 5, before: 2, after: 1 }];
    const second: Change[] = [{ index: 5, before: 1, after: 3 }];
    expect(join(first, second)).toEqual([{ index: 5, before: 2, after: 3 }]);
  });

  it("drops a patch that ends as it began", () => {
    const there: Change[] = [{ index: 5, before: 2, after: 1 }];
    const back: Change[] = [{ index: 5, before: 1, after: 2 }];
    expect(join(there, back)).toEqual([]);
  });
});
