import { expect, it } from "vitest";
import { bar } from "./scalebar";

it("draws the longest round length that fits", () => {
  // 0.1 µm per screen px, 140 px of room: 14 µm, so 10 µm in 100 px.
  expect(bar(0.1, 140)).toEqual({ width: expect.closeTo(100, 8), label: "10 µm" });
  expect(bar(0.5, 140).label).toBe("50 µm");
});

it("changes the unit with the size", () => {
  expect(bar(0.002, 140).label).toBe("200 nm");
  expect(bar(20, 140).label).toBe("2 mm");
});
