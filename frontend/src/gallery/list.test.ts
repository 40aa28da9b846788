import { expect, it } from "vitest";
import type { AnswerEvent } from "../saving/event";
import { PatchList } from "./list";
import type { Source } from "./source";
import type { Item } from "./types";

const ROW = { image: 1, row: 0 };

function patch(column: number): Item {
  return { ...ROW, column, code: 0, score: null, out: false, said: null };
}

function yes(column: number): AnswerEvent {
  const told = { took_ms: null, suggested: null, handed: true, at: "2026-01-01T00:00:00Z" };
  return { ...ROW, column, structure: 1, value: "yes", event: `event ${column}`, ...told };
}

/** Two patches at a time; each portion comes when it is let go. */
class Portions implements Source {
  readonly asked: (() => void)[] = [];
  readonly portion = null;
  #come = 0;

  get more(): boolean {
    return this.#come < 4;
  }

  next(): Promise<Item[]> {
    return new Promise((resolve) => {
      this.asked.push(() => {
        this.#come += 2;
        resolve([patch(this.#come - 2), patch(this.#come - 1)]);
      });
    });
  }

  total(come: number): number {
    return come;
  }

  again(): void {}
}

it("lays answers that are on their way over each portion that the server tells", async () => {
  const list = new PatchList({ loaded: () => {}, failed: () => {} });
  const source = new Portions();
  let pending = [yes(3)];
  const begun = list.begin(1, source, 2, () => pending);
  // Given while the first portion is on its way.
  pending = [yes(3), yes(1)];
  source.asked[0]?.();
  await begun;
  expect(list.items.map(({ code }) => code)).toEqual([0, 1]);
  list.need(4);
  // Confirmed after the server was asked for the second portion: it may not have known then.
  pending = [];
  source.asked[1]?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(list.items.map(({ code }) => code)).toEqual([0, 1, 0, 1]);
  expect(list.tally).toEqual([2, 2, 0, 0]);
});
