import { describe, expect, it } from "vitest";
import { command, type Key } from "./keys";

const press = (key: string, held: Partial<Key> = {}) =>
  command({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

describe("keys", () => {
  it.each([
    ["1", "yes"],
    ["y", "yes"],
    ["Y", "yes"],
    ["2", "no"],
    ["n", "no"],
    ["3", "unsure"],
    ["u", "unsure"],
    ["0", null],
    ["Delete", null],
  ])("%s answers %s", (key, answer) => {
    expect(press(key)).toEqual({ do: "answer", answer });
  });

  it("tells undo from redo", () => {
    expect(press("z", { ctrlKey: true })).toEqual({ do: "undo" });
    expect(press("Z", { ctrlKey: true, shiftKey: true })).toEqual({ do: "redo" });
    expect(press("z", { metaKey: true })).toEqual({ do: "undo" });
    expect(press("y", { ctrlKey: true })).toEqual({ do: "redo" });
  });

  it("extends the selection only with Shift", () => {
    expect(press("ArrowLeft")).toEqual({ do: "move", down: 0, right: -1, extend: false });
    expect(press("ArrowDown", { shiftKey: true })).toEqual({
      do: "move",
      down: 1,
      right: 0,
      extend: true,
    });
  });

  it("leaves the browser its own keys", () => {
    expect(press("r", { ctrlKey: true })).toBeNull();
    expect(press("1", { altKey: true })).toBeNull();
    expect(press("F5")).toBeNull();
  });
});
