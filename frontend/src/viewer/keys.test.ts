import { expect, it } from "vitest";
import { viewCommand } from "./keys";

const press = (key: string, held: object = {}) =>
  viewCommand({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...held,
  });

it("steps through planes and time, whatever the case of the letter", () => {
  expect(press(".")).toEqual({ do: "plane", by: 1 });
  expect(press("<", { shiftKey: true })).toEqual({ do: "plane", by: -1 });
  expect(press("L", { shiftKey: true })).toEqual({ do: "time", by: 1 });
});

it("leaves the browser's own shortcuts and all other keys alone", () => {
  expect(press("f", { ctrlKey: true })).toBeNull();
  expect(press("+", { metaKey: true })).toBeNull();
  expect(press("1")).toBeNull();
});
