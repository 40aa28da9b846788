import { expect, it } from "vitest";
import type { Source } from "./files";
import { sorted } from "./planned";

function source(name: string): Source {
  return { name, size: 10, lastModified: 5, files: [] };
}

it("parts files into those to be sent and those that are here", async () => {
  const found = await sorted([source("a"), source("b"), source("c")], (files) => {
    expect(files[1]).toEqual(["b", 10, 5]);
    return Promise.resolve({ here: [1], refusal: "" });
  });
  expect(found.send.map(({ name }) => name)).toEqual(["a", "c"]);
  expect(found.here.map(({ name }) => name)).toEqual(["b"]);
  expect(found.refused).toEqual([]);
});

it("sends nothing where all together have no room, and says why", async () => {
  const refusal = "2 files: the server's disk has no room.";
  const found = await sorted([source("a"), source("b"), source("c")], () =>
    Promise.resolve({ here: [0], refusal }),
  );
  expect(found.send).toEqual([]);
  expect(found.refused.map(({ name }) => name)).toEqual(["b", "c"]);
  expect(found.refusal).toBe(refusal);
});

it("asks about many thousands in parts", async () => {
  const asked: number[] = [];
  const many = Array.from({ length: 12_000 }, (_, number) => source(String(number)));
  const found = await sorted(many, (files) => {
    asked.push(files.length);
    return Promise.resolve({ here: [0], refusal: "" });
  });
  expect(asked).toEqual([5000, 5000, 2000]);
  expect([found.send.length, found.here.length]).toEqual([11_997, 3]);
});
