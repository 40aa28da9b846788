import { expect, it } from "vitest";
import { reach } from "./portions";
import type { Item } from "./types";

const said = { image: 1, row: 0, score: null, said: null };

function items(open: number, answered: number, out = 0): Item[] {
  const all = Array.from({ length: open + answered + out }, (_, column): Item => {
    return { ...said, column, code: column < answered ? 1 : 0, out: column >= answered + open };
  });
  return all;
}

it("waits while more than half of a portion is open", () => {
  expect(reach(items(8, 0), 8, 0)).toBe(8);
  expect(reach(items(5, 43), 8, 0)).toBe(48);
});

it("fills a portion up once half of it is answered or left out", () => {
  expect(reach(items(4, 4), 8, 0)).toBe(12);
  expect(reach(items(3, 20, 2), 8, 0)).toBe(30);
  expect(reach(items(0, 8), 8, 0)).toBe(16);
});

it("fills up at once where a portion has grown", () => {
  expect(reach(items(8, 0), 50, 0)).toBe(50);
});

it("counts what is open before the rest too, until somebody passed it over", () => {
  const skipped = items(5, 0).concat(items(0, 40));
  expect(reach(skipped, 8, 0)).toBe(45);
  expect(reach(skipped, 8, 5)).toBe(53);
});
