import { describe, expect, it } from "vitest";
import {
  type ChannelView,
  firstChannels,
  keeping,
  MAX_SHOWN,
  restored,
  selected,
  sliderRange,
} from "./channels";

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

  it("shows the channels that the data set uses, and an RGB image whole", () => {
    const three = Array.from({ length: 3 }, () => ({
      name: "",
      colour: "00ff00",
      low: 5,
      high: 9,
    }));
    const shown = (is_rgb: boolean) =>
      firstChannels({ channels: three, is_rgb }, [2]).map(({ visible }) => visible);
    expect(shown(false)).toEqual([false, false, true]);
    expect(shown(true)).toEqual([true, true, true]);
  });

  it("draws the next image of the data set as the last one was left", () => {
    const left = channels(2, [1]).map((channel) => ({ ...channel, high: 7, gamma: 0.5 }));
    const again = restored(channels(2, [0, 1]), keeping(left, []));
    expect(again).toEqual(left);
  });

  it("keeps the defaults of a channel of another name, and never hides everything", () => {
    const kept = keeping(
      channels(2, [0]).map((channel) => ({ ...channel, low: 0.5 })),
      [],
    );
    const other = channels(2, [0, 1]).map((channel) => ({
      ...channel,
      name: `DAPI ${channel.name}`,
    }));
    expect(restored(other, kept)).toEqual(other);
    const second = kept.map((one, index) => ({ ...one, visible: index === 7 }));
    expect(restored(channels(2, [0, 1]), second).map(({ visible }) => visible)).toEqual([
      true,
      true,
    ]);
  });

  it("leaves alone what is kept of channels that this image lacks", () => {
    const three = keeping(channels(3, [2]), []);
    expect(keeping(channels(1, [0]), three).map(({ name }) => name)).toEqual(["0", "1", "2"]);
    expect(keeping(channels(1, [0]), three)[0]?.colour).toBe("ffffff");
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
    const found = { least: -4, most: 2000 };
    expect(sliderRange("uint16", { low: 100, high: 1100 }, found)).toEqual([0, 2100]);
    expect(sliderRange("uint16", { low: 100, high: 5000 }, found)).toEqual([0, 5000]);
    expect(sliderRange("float32", { low: -1, high: 1 }, found)[0]).toBe(-4);
  });
});
