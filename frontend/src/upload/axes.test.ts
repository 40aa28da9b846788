import { expect, it } from "vitest";
import type { GalleryImage } from "./api";
import { question } from "./axes";

function stack(name: string, pages: number): GalleryImage {
  return { name, size_z: pages } as GalleryImage;
}

it("asks about one file by its name and pages", () => {
  expect(question([stack("a.tif", 7)])).toBe("a.tif holds 7 pages and does not say what they are.");
});

it("asks once about all files alike", () => {
  const asked = question([stack("a.tif", 9), stack("b.tif", 7), stack("c.tif", 7)]);
  expect(asked).toBe("3 images hold 7, 9 pages and do not say what they are.");
});
