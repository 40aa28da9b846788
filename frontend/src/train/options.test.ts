import { expect, it } from "vitest";
import { lacks, trainOptions } from "./options";

const structure = { id: 1, name: "", colour: "", yes: 3, no: 2, images: 2 };

it("says what keeps a structure from being learned", () => {
  expect(lacks(structure)).toBe("");
  expect(lacks({ ...structure, yes: 0, no: 0 })).toBe("needs a yes and a no answer");
  expect(lacks({ ...structure, images: 1 })).toContain("second image");
});

it("leaves automatic options out", () => {
  const chosen = {
    structures: [1],
    name: " ",
    epochs: "",
    downscale: "",
    method: "refined",
    start: "",
    members: "",
    turned: "",
  };
  expect(trainOptions(chosen)).toEqual({ structures: [1], method: "refined" });
  expect(trainOptions({ ...chosen, epochs: "30", downscale: "2", name: "try " })).toEqual({
    structures: [1],
    method: "refined",
    epochs: 30,
    downscale: 2,
    name: "try",
  });
  expect(trainOptions({ ...chosen, turned: "false" }).turned).toBe(false);
  expect(trainOptions({ ...chosen, start: "7", members: "3" })).toEqual({
    structures: [1],
    method: "refined",
    start: 7,
    members: 3,
  });
});
