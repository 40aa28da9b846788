import { expect, it } from "vitest";
import { question } from "./axes";

it("asks about one file by its name and pages", () => {
  const asked = question({ images: 1, pages: [7], name: "a.tif" });
  expect(asked).toBe("a.tif holds 7 pages and does not say what they are.");
  expect(question({ images: 1, pages: [7] })).toContain("An image holds 7 pages");
});

it("asks once about all files alike", () => {
  const asked = question({ images: 3, pages: [7, 9] });
  expect(asked).toBe("3 images hold 7, 9 pages and do not say what they are.");
});
