import { describe, expect, it } from "vitest";
import type { Said } from "../answers/said";
import { contradiction, shortly } from "./contradiction";
import type { Item } from "./types";

const ME = 1;
const said = (annotator_id: number, annotator: string, value: Said["value"]): Said => ({
  annotator_id,
  annotator,
  value,
});
const item = (given: Partial<Item>): Item => ({
  image: 1,
  row: 0,
  column: 0,
  code: 0,
  score: null,
  out: false,
  said: [],
  ...given,
});

describe("what a contradiction says", () => {
  it("sets one's own answer against the model's", () => {
    const mine = item({ code: 2, score: 0.97, said: [said(ME, "ann", "no")] });
    expect(contradiction(mine, ME)).toBe("you said no, the model says yes (0.97)");
    expect(shortly(mine, ME)).toBe("model ✓ .97");
  });

  it("takes one's own answer as it is now, whatever the server knew", () => {
    const changed = item({ code: 1, said: [said(ME, "ann", "no"), said(2, "bob", "no")] });
    expect(contradiction(changed, ME)).toBe("you said yes, bob said no");
  });

  it("names two people, and counts more of them", () => {
    const two = [said(2, "bob", "yes"), said(3, "eve", "no")];
    expect(shortly(item({ said: two }), ME)).toBe("bob ✓\neve ✗");
    const more = [...two, said(4, "kim", "no"), said(5, "lee", "unsure")];
    expect(shortly(item({ said: more, score: 0.1 }), ME)).toBe("1 ✓ 2 ✗ 1 ?\nmodel ✗ .10");
  });

  it("is silent in every other list", () => {
    const plain = item({ said: null, score: 0.9, code: 1 });
    expect([contradiction(plain, ME), shortly(plain, ME)]).toEqual(["", ""]);
  });
});
