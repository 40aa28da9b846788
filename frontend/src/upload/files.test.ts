import { expect, it } from "vitest";
import { isFolder, type Part, sources, wanted } from "./files";

function part(path: string, content = "x"): Part {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { file: new File([content], name, { lastModified: 5 }), path };
}

it("leaves out what a system hides in a folder and counts like a person", () => {
  const names = ["img10.tif", ".DS_Store", "img2.tif", "Thumbs.db", "._img2.tif"];
  expect(wanted(names.map((name) => ({ name }))).map(({ name }) => name)).toEqual([
    "img2.tif",
    "img10.tif",
  ]);
});

it("sends the files of a folder one by one", () => {
  const found = sources([part("plate/b.tif"), part("plate/deep/a.tif"), part("plate/.DS_Store")]);
  expect(found.map(({ name }) => name)).toEqual(["a.tif", "b.tif"]);
  expect(found.some(isFolder)).toBe(false);
});

it("puts the files of an OME-Zarr folder together, its hidden metadata included", () => {
  const found = sources([
    part("plate/a.zarr/.zattrs", "12"),
    part("plate/a.zarr/0/0.0", "345"),
    part("plate/b.tif"),
  ]);
  expect(found.map(({ name, size }) => [name, size])).toEqual([
    ["a.zarr", 5],
    ["b.tif", 1],
  ]);
  expect(found[0]?.files.map(({ path }) => path)).toEqual(["a.zarr/.zattrs", "a.zarr/0/0.0"]);
  expect(found.map(isFolder)).toEqual([true, false]);
});

it("keeps an OME-Zarr within another with the outer one", () => {
  const found = sources([part("a.zarr/zarr.json"), part("a.zarr/labels/b.zarr/zarr.json")]);
  expect(found.map(({ name }) => name)).toEqual(["a.zarr"]);
});
