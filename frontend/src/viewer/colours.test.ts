import { expect, it } from "vitest";
import { HEAT, hex, rgb } from "./colours";

it("reads colours with and without the sign", () => {
  expect(rgb("#56b4e9")).toEqual([86, 180, 233]);
  expect(rgb("00FF7f")).toEqual([0, 255, 127]);
  expect(hex([0, 255, 127])).toBe("#00ff7f");
});

it("draws what it cannot read in white rather than not at all", () => {
  expect(rgb("rainbow")).toEqual([255, 255, 255]);
});

it("has a heat scale that grows lighter from end to end", () => {
  const lightness = HEAT.map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b);
  expect([...lightness].sort((a, b) => a - b)).toEqual(lightness);
});
