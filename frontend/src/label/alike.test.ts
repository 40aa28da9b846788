import { afterEach, expect, it, vi } from "vitest";
import { Grid } from "../viewer/grid";
import { Alike } from "./alike";
import { Labelling } from "./labelling";

afterEach(() => vi.unstubAllGlobals());

it("selects nothing around a patch that the focus has left meanwhile", async () => {
  const answers: (() => void)[] = [];
  const values = [0, 1, 1, 1];
  const body = JSON.stringify({ patch_size: 10, overlap: 0, values });
  vi.stubGlobal(
    "fetch",
    () => new Promise((resolve) => answers.push(() => resolve(new Response(body)))),
  );
  const events = { changed: () => {}, given: () => {}, awaited: () => false, pending: () => [] };
  const labelling = new Labelling(new Grid(20, 20, 10), events);
  const alike = new Alike(1, labelling);
  const grown = alike.grow(true);
  labelling.selection.set({ row: 1, column: 1 });
  answers[0]?.();
  expect(await grown).toBeNull();
  expect(labelling.selection.indices()).toEqual([3]);
});
