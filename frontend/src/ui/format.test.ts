import { expect, it } from "vitest";
import { area, bytes, counted, dotted, duration, moment, percent, quantity } from "./format";

it("never rounds a little to nothing or almost all to all", () => {
  expect(percent(0)).toBe("0 %");
  expect(percent(0.0004)).toBe("< 0.1 %");
  expect(percent(0.034)).toBe("3.4 %");
  expect(percent(0.9996)).toBe("> 99.9 %");
  expect(percent(1)).toBe("100 %");
});

it("writes sizes, areas and times as people do", () => {
  expect(bytes(999)).toBe("999 B");
  expect(bytes(3 * 1024 * 1024)).toBe("3.0 MB");
  expect(area(2_500_000)).toBe("2.5\u00a0mm²");
  expect(duration(125)).toBe("2 min 5 s");
});

it("keeps four significant digits at any magnitude", () => {
  expect(quantity(0.123456)).toBe("0.1235");
  expect(quantity(12345.6)).toBe("12\u202f346");
  expect(quantity(0.00001234)).toBe("1.23e-5");
});

it("says one thing and several things as people do", () => {
  expect([counted(1, "answer"), counted(0, "answer")]).toEqual(["1 answer", "0 answers"]);
  expect(counted(12000, "patch", "patches")).toBe("12\u202f000 patches");
});

it("writes a moment in the time of a place", () => {
  const at = new Date("2026-11-22T19:30:00Z");
  expect(moment(at, "UTC")).toBe("22 Nov 2026, 19:30");
  expect(moment(at, "Asia/Tokyo")).toBe("23 Nov 2026, 04:30");
});

it("lets a line of facts break between two of them alone, ahead of the dot", () => {
  const line = dotted(["1 object", "", "< 0.1 % of the area"]);
  expect(line.split(" ")).toEqual([
    "1\u00a0object",
    "·\u00a0<\u00a00.1\u00a0%\u00a0of\u00a0the\u00a0area",
  ]);
});
