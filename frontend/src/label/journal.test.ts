import { expect, it } from "vitest";
import { Journal } from "./journal";

function storage() {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

it("gives unsent answers back to the same person on the same image only", () => {
  const place = storage();
  new Journal("7", 1, place).write([[3, 10, 2]]);
  expect(new Journal("7", 1, place).read()).toEqual([[3, 10, 2]]);
  expect(new Journal("8", 1, place).read()).toEqual([]);
  expect(new Journal("7", 2, place).read()).toEqual([]);
});

it("leaves nothing behind when everything is saved", () => {
  const place = storage();
  const journal = new Journal("7", 1, place);
  journal.write([[3, 10, 2]]);
  journal.write([]);
  expect(place.items.size).toBe(0);
});

it("takes nothing from a damaged entry", () => {
  const place = storage();
  place.setItem("micraweb-unsent-7-1", '[[1, 2], [1, 2, 9], "x", [1, 2, 3]]');
  expect(new Journal("7", 1, place).read()).toEqual([[1, 2, 3]]);
  place.setItem("micraweb-unsent-7-1", "{broken");
  expect(new Journal("7", 1, place).read()).toEqual([]);
});

it("goes on without a storage", () => {
  const full = {
    getItem: () => null,
    removeItem: () => {},
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
  };
  expect(() => new Journal("7", 1, full).write([[1, 2, 3]])).not.toThrow();
});
