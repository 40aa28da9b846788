import { expect, it } from "vitest";
import { wanted } from "./files";

it("leaves out what a system hides in a folder and counts like a person", () => {
  const names = ["img10.tif", ".DS_Store", "img2.tif", "Thumbs.db", "._img2.tif"];
  expect(wanted(names.map((name) => ({ name }))).map(({ name }) => name)).toEqual([
    "img2.tif",
    "img10.tif",
  ]);
});
