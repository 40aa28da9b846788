import { describe, expect, it } from "vitest";
import type { Waiting } from "./database";
import { Unsent } from "./unsent";

function event(name: string, patch_size = 32): Waiting {
  const place = { image: 1, row: 0, column: 0, structure: 1 };
  const given = { value: "yes" as const, at: "", took_ms: null, suggested: null, handed: true };
  const kept = { scope: "1:2", number: 1, grid: { patch_size, overlap: 0 }, refused: "" };
  return { ...place, ...given, ...kept, event: name };
}

const names = (events: readonly Waiting[]): string =>
  events.map(({ event: name }) => name).join("");

describe("what is unsent", () => {
  it("begins with what an earlier visit has left, each once", () => {
    const unsent = new Unsent();
    unsent.add([event("c")]);
    const left = [{ ...event("a"), refused: "Wrong." }, event("b"), event("c")];
    expect(unsent.takeUp(left)).toBe(2);
    expect(names(unsent.waiting)).toBe("abc");
    expect(unsent.waiting[0]?.refused).toBe("");
  });

  it("gives the oldest of one grid, up to the limit", () => {
    const unsent = new Unsent();
    unsent.add([event("a"), event("b"), event("c", 64), event("d")]);
    expect(names(unsent.oldest(500))).toBe("ab");
    expect(names(unsent.oldest(1))).toBe("a");
    unsent.remove(unsent.oldest(2));
    expect(names(unsent.oldest(500))).toBe("c");
  });

  it("counts what was refused until it is given up, and asks again before all the others", () => {
    const unsent = new Unsent();
    unsent.add([event("a"), event("b"), event("c")]);
    const [, second] = unsent.waiting;
    expect(unsent.refuse(second ? [second] : [], "Wrong.")).toMatchObject([
      { event: "b", refused: "Wrong." },
    ]);
    expect([names(unsent.waiting), names(unsent.refused), unsent.count]).toEqual(["ac", "b", 3]);
    unsent.askAgain();
    expect([names(unsent.waiting), unsent.refused]).toEqual(["bac", []]);
    expect(unsent.waiting[0]?.refused).toBe("");
    expect(names(unsent.giveUp(false))).toBe("");
    expect(names(unsent.giveUp(true))).toBe("bac");
    expect(unsent.count).toBe(0);
  });
});
