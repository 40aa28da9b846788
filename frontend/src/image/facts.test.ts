import { expect, it } from "vitest";
import type { Image } from "../api/types";
import { imageFacts } from "./facts";

const image = {
  width: 20_000,
  height: 512,
  size_z: 11,
  size_t: 1,
  pixel_size_um: [0.325, 0.325],
  pixel_size_z_um: 1.5,
  dtype: "uint16",
  is_rgb: false,
  format: "OME-TIFF",
  acquired_at: "2015-03-02T14:05:00Z",
  condition: "",
  well: "B2",
  replicate: "",
} as Image;

it("says of a stack how large, how fine and how deep it is, and what else is known", () => {
  expect(imageFacts(image)).toEqual([
    ["Size", "20\u202f000 × 512 px, 11 planes"],
    ["Pixel", "0.325 µm, planes 1.5 µm apart"],
    ["Values", "16 bit"],
    ["File", "OME-TIFF"],
    ["Taken", "2 Mar 2015, 14:05"],
    ["Well", "B2"],
  ]);
});

it("does not make up a pixel size", () => {
  expect(imageFacts({ ...image, pixel_size_um: null })[1]).toEqual(["Pixel", "not in the file"]);
});
