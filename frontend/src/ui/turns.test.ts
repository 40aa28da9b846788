import { expect, it } from "vitest";
import { Turns } from "./turns";

it("begins an act when the one before has ended, also where that failed", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  let fail: (reason: Error) => void = () => {};
  const first = turns.take(
    () =>
      new Promise((_, reject) => {
        seen.push("first");
        fail = reject;
      }),
  );
  const second = turns.take(() => {
    seen.push("second");
    return 2;
  });
  await new Promise((resolve) => setTimeout(resolve));
  expect(seen).toEqual(["first"]);
  fail(new Error("refused"));
  await expect(first).rejects.toThrow("refused");
  expect(await second).toBe(2);
  expect(seen).toEqual(["first", "second"]);
});
