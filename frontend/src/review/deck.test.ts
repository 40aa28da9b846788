import { expect, test } from "vitest";
import { Deck } from "./deck";
import type { Disputed } from "./types";

function disputed(column: number, decision: Disputed["decision"] = null): Disputed {
  return { image: 1, row: 0, column, answers: [], probability: 0.5, decision, remarks: 0 };
}

function deck(...items: Disputed[]): Deck {
  const made = new Deck();
  made.reset(items);
  return made;
}

test("a decision goes on to the next patch that has none", () => {
  const made = deck(disputed(0), disputed(1, "no"), disputed(2));
  expect(made.decide("yes")?.column).toBe(0);
  expect(made.current?.column).toBe(2);
  expect(made.open).toBe(1);
});

test("the last patch stays in sight once it is decided", () => {
  const made = deck(disputed(0));
  made.decide("unsure");
  expect(made.current?.decision).toBe("unsure");
  expect(made.open).toBe(0);
});

test("undo brings back what was decided before, and returns to the patch", () => {
  const made = deck(disputed(0, "no"), disputed(1));
  made.decide("yes");
  expect(made.focus).toBe(1);
  const step = made.undo();
  expect([step?.undone, step?.item.decision]).toEqual(["yes", "no"]);
  expect(made.focus).toBe(0);
  expect(made.undo()).toBeNull();
});

test("a decision that the server refused can not be undone", () => {
  const made = deck(disputed(0), disputed(1));
  const item = made.decide("yes");
  if (item) made.forget(item, null);
  expect(made.canUndo).toBe(false);
  expect(made.open).toBe(2);
});

test("moving stops at both ends", () => {
  const made = deck(disputed(0), disputed(1));
  made.move(-1);
  expect(made.focus).toBe(0);
  made.move(5);
  expect(made.focus).toBe(1);
  expect(deck().current).toBeNull();
});
