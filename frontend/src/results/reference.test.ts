import { describe, expect, it } from "vitest";
import { referenceFacts } from "./reference";

describe("referenceFacts", () => {
  it("says nothing without a reference", () => {
    expect(referenceFacts(null)).toBe("");
  });

  it("names both scores and by how many objects the counts differ", () => {
    const score = { pixel_f1: 0.9312, iou: 0.87, object_f1: 0.9, count_error: 2 };
    const facts = (count_error: number) =>
      referenceFacts({ ...score, count_error }).replaceAll("\u00a0", " ");
    expect(facts(2)).toBe(
      "Against the reference: pixel F1 0.931 · object F1 0.900 · 2 objects more",
    );
    expect(facts(-1)).toContain("1 object fewer");
    expect(facts(0)).toContain("as many objects");
  });

  it("leaves out what does not exist where neither side holds anything", () => {
    const score = { pixel_f1: null, iou: null, object_f1: null, count_error: 0 };
    expect(referenceFacts(score)).toBe("Against the reference: as\u00a0many\u00a0objects");
  });
});
