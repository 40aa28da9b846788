import { describe, expect, it } from "vitest";
import { type ChannelView, firstChannels, MAX_SHOWN, selected, sliderRange } from "./channels";

function channels(count: number, visible: number[]): ChannelView[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    name: String(index),
    colour: [255, 255, 255],
    visible: visible.includes(index),
    low: 0,
    high: 1,
    gamma: 1,
  }));
}

describe("channels", () => {
  it("shows an RGB image as it is, whatever contrast was measured", () => {
    const measured = ["R", "G", "B"].map((name) => ({
      name,
      colour: "#ffffff",
      low: 30,
      high: 200,
    }));
    const shown = firstChannels({ channels: measured, is_rgb: true });
    expect(shown.map(({ colour }) => colour)).toEqual([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ]);
    expect(shown.every(({ low, high }) => low === 0 && high === 255)).toBe(true);
  });

  it("shows the first four of many channels with their own colours and limits", () => {
    const six = Array.from({ length: 6 }, () => ({ name: "", colour: "00ff00", low: 5, high: 9 }));
    const shown = firstChannels({ channels: six, is_rgb: false });
    expect(shown.map(({ visible }) => visible)).toEqual([true, true, true, true, false, false]);
    expect(shown[0]).toMatchObject({ name: "Channel 1", colour: [0, 255, 0], low: 5, high: 9 });
  });

  it("fetches nothing again when a channel is hidden and shown", () => {
    const first = selected(channels(3, [0, 1]), []);
    expect(first).toEqual([0, 1]);
    expect(selected(channels(3, [0]), first)).toBe(first);
  });

  it("lets hidden channels go when there are more than the shader holds", () => {
    const all = Array.from({ length: MAX_SHOWN }, (_, index) => index);
    const now = selected(channels(12, [10, 11]), all);
    expect(now).toHaveLength(MAX_SHOWN);
    expect(now).toContain(10);
    expect(now).toContain(11);
  });

  it("offers sliders over what the image reaches, not over all of 16 bit", () => {
    expect(sliderRange("uint8", { low: 10, high: 20 })).toEqual([0, 255]);
    expect(sliderRange("uint16", { low: 100, high: 1100 })).toEqual([0, 2100]);
    expect(sliderRange("uint16", { low: 0, high: 60000 })).toEqual([0, 65535]);
    expect(sliderRange("float32", { low: -1, high: 1 })).toEqual([-2, 3]);
  });
});
