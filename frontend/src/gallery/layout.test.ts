import { describe, expect, it } from "vitest";
import { Suggestions } from "../answers/suggestions";
import { Layout } from "./layout";
import { GallerySelection } from "./selection";

describe("the layout", () => {
  const layout = new Layout({ width: 1000, height: 520 }, 50); // 10 columns of 100 px, 5 rows

  it("fills the width and shows whole rows", () => {
    expect([layout.columns, layout.rows, layout.cell, layout.perScreen]).toEqual([10, 5, 100, 50]);
    expect(layout.at(105, 203)).toBe(21);
    expect(layout.box(21)).toEqual({ x: 102, y: 202, width: 96, height: 96 });
  });

  it("lets every screen begin with a row of its own", () => {
    expect(layout.height(50)).toBe(520);
    expect(layout.height(51)).toBe(500 + 520);
    expect(layout.screen(500)).toEqual([50, 100]);
    expect(layout.inSight(450)).toEqual([40, 100]);
  });

  it("finds what a rectangle touches, drawn in any direction, and nothing beyond the end", () => {
    expect(layout.within([250, 150], [110, 210], 100)).toEqual([11, 12, 21, 22]);
    expect(layout.within([110, 110], [250, 210], 22)).toEqual([11, 12, 21]);
  });

  it("stays whole on the smallest stage", () => {
    const tiny = new Layout({ width: 20, height: 10 }, 400);
    expect([tiny.columns, tiny.rows]).toEqual([1, 1]);
  });
});

describe("the selection", () => {
  it("is the patch with the focus until more are selected", () => {
    const selection = new GallerySelection();
    selection.set(4);
    expect(selection.indices()).toEqual([4]);
    selection.extendTo(2);
    expect(selection.indices()).toEqual([2, 3, 4]);
    selection.extendTo(6);
    expect(selection.indices()).toEqual([4, 5, 6]);
    selection.toggle(5);
    selection.toggle(9);
    expect(selection.indices()).toEqual([4, 6, 9]);
    selection.invert([4, 5, 6]);
    expect(selection.indices()).toEqual([5]);
    selection.collapse();
    expect(selection.many).toBe(false);
  });
});

describe("suggestions", () => {
  const item = {
    image: 1,
    row: 0,
    column: 0,
    out: false,
    said: null,
    code: 0 as const,
    score: 0.93,
  };

  it("are yes from the threshold on, no from its opposite, and only where nobody answered", () => {
    const suggestions = new Suggestions();
    expect(suggestions.of(item)).toBeNull();
    suggestions.on = true;
    expect(suggestions.of(item)).toBe("yes");
    expect(suggestions.of({ ...item, score: 0.1 })).toBe("no");
    expect(suggestions.of({ ...item, score: 0.5 })).toBeNull();
    expect(suggestions.of({ ...item, score: null })).toBeNull();
    expect(suggestions.of({ ...item, code: 2 })).toBeNull();
  });

  it("keep the threshold between a little more than a guess and certainty", () => {
    const suggestions = new Suggestions();
    for (let step = 0; step < 20; step += 1) suggestions.move(-1);
    expect(suggestions.threshold).toBe(0.55);
    for (let step = 0; step < 20; step += 1) suggestions.move(1);
    expect(suggestions.threshold).toBe(1);
  });
});
