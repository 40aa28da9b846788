import { describe, expect, it } from "vitest";
import type { ChannelView } from "../channels";
import { compose, intensity } from "./compose";

const green: ChannelView = {
  index: 0,
  name: "GFP",
  colour: [0, 255, 0],
  visible: true,
  low: 100,
  high: 300,
  gamma: 1,
};

describe("the small picture of the minimap", () => {
  it("stretches values as the large one does", () => {
    expect([50, 100, 200, 300, 999].map((value) => intensity(value, green))).toEqual([
      0, 0, 0.5, 1, 1,
    ]);
    expect(intensity(150, { ...green, gamma: 2 })).toBeCloseTo(0.5, 12);
  });

  it("adds the visible channels and stops at white", () => {
    const tile = { data: Uint16Array.of(100, 300), width: 2, height: 1 };
    const red = { ...green, colour: [255, 0, 0] as [number, number, number] };
    const hidden = { ...green, colour: [0, 0, 255] as [number, number, number], visible: false };
    const parts = [green, red, red, hidden].map((channel) => ({ tile, channel }));
    const { width, height, rgba } = compose(parts, 100);
    expect([width, height]).toEqual([2, 1]);
    expect([...rgba]).toEqual([0, 0, 0, 255, 255, 255, 0, 255]);
  });

  it("is never larger than it may be, and keeps its shape", () => {
    const tile = { data: new Uint8Array(400 * 100).fill(200), width: 400, height: 100 };
    const { width, height, rgba } = compose([{ tile, channel: green }], 80);
    expect([width, height]).toEqual([80, 20]);
    expect(rgba[1]).toBe(128);
  });
});
