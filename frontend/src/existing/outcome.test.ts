import { describe, expect, it } from "vitest";
import { isTable, maskOutcome, tableOutcome } from "./outcome";

const mask = {
  image_name: "slide 1.tif",
  objects: 1,
  yes: 3,
  no: 2000,
  changed: 5,
  replaces: true,
  passed_over: ["b.roi is no area."],
};
const choices = { structure: 1, answers: true, reference: true, annotators: false };

describe("what became of a file", () => {
  it("names answers and reference only where they were asked for", () => {
    expect(maskOutcome(mask, choices)).toEqual({
      text: "slide 1.tif: 1 object; 3 yes and 2\u202f000 no, 5 new or changed; replaces the reference",
      remarks: ["b.roi is no area."],
    });
    const neither = { ...choices, answers: false, reference: false };
    expect(maskOutcome(mask, neither).text).toBe("slide 1.tif: 1 object");
  });

  it("says how many lines are left out beyond those it names", () => {
    const table = { answers: 7, changed: 2, refused: 3, problems: ["Line 4: no."] };
    expect(tableOutcome(table)).toEqual({
      text: "7 answers, 2 new or changed; 3 lines left out",
      remarks: ["Line 4: no.", "… and 2 lines more."],
    });
  });

  it("knows tables by their name", () => {
    expect([isTable("Labels.CSV"), isTable("csv.png")]).toEqual([true, false]);
  });
});
