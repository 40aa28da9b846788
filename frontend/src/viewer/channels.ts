import type { ChannelDisplay, Image } from "../api/types";
import { hex, type Rgb, rgb } from "./colours";

/** Viv's shaders hold at most ten channels at once; four are plenty to begin with. */
export const MAX_SHOWN = 10;
const FIRST_SHOWN = 4;

export interface ChannelView {
  index: number;
  name: string;
  colour: Rgb;
  visible: boolean;
  low: number;
  high: number;
  gamma: number;
}

const RGB_CHANNELS: Rgb[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
];

/**
 * How each channel is drawn first. An RGB image is drawn as it is: pure red, green and blue over the full range. Where a
 * data set uses some channels only, these are shown.
 */
export function firstChannels(
  image: Pick<Image, "channels" | "is_rgb">,
  used: readonly number[] = [],
): ChannelView[] {
  const rgbRange = image.is_rgb ? { low: 0, high: 255 } : null;
  const shown = (index: number): boolean =>
    used.length > 0 && !image.is_rgb ? used.includes(index) : index < FIRST_SHOWN;
  return image.channels.map((channel, index) => ({
    index,
    name: channel.name || `Channel ${index + 1}`,
    colour: (rgbRange ? RGB_CHANNELS[index] : null) ?? rgb(channel.colour),
    visible: shown(index),
    low: rgbRange?.low ?? channel.low,
    high: rgbRange?.high ?? channel.high,
    gamma: 1,
  }));
}

/** The channels as somebody left them in this data set; one of another name keeps its default. */
export function restored(
  channels: readonly ChannelView[],
  kept: readonly ChannelDisplay[],
): ChannelView[] {
  const views = channels.map((channel) => {
    const own = kept[channel.index];
    if (own?.name !== channel.name) return channel;
    return { ...channel, ...own, colour: rgb(own.colour) };
  });
  // Kept from images of different channels, they may together hide everything.
  return views.some(({ visible }) => visible) ? views : [...channels];
}

/** What is kept for the data set: these channels, and those of other images beyond them. */
export function keeping(
  channels: readonly ChannelView[],
  kept: readonly ChannelDisplay[],
): ChannelDisplay[] {
  const own = channels.map(({ name, colour, visible, low, high, gamma }) => ({
    name,
    colour: hex(colour).slice(1),
    visible,
    low,
    high,
    gamma,
  }));
  return [...own, ...kept.slice(own.length)];
}

/** The range of a slider: the data type's for 8 bit, else what the image itself and its ends reach. */
export function sliderRange(
  dtype: string,
  channel: Pick<ChannelView, "low" | "high">,
  found: { least: number; most: number } | null = null,
): [number, number] {
  if (dtype === "uint8") return [0, 255];
  const reach = Math.max(channel.high - channel.low, 1e-6);
  const top = found ? Math.max(found.most * 1.05, channel.high) : channel.high + reach;
  if (dtype === "uint16") return [0, Math.min(65535, Math.ceil(top))];
  const bottom = found ? Math.min(found.least, channel.low) : channel.low - reach / 2;
  return [Math.min(0, bottom), top];
}

/**
 * The channels to fetch: those ever shown stay, so that hiding and showing one again asks the server nothing;
 * hidden ones make room once there are more than the shader holds.
 */
export function selected(channels: ChannelView[], before: number[]): number[] {
  const visible = channels.filter((channel) => channel.visible).map((channel) => channel.index);
  const kept = before.filter((index) => !visible.includes(index));
  const all = [...visible.slice(0, MAX_SHOWN), ...kept].slice(0, MAX_SHOWN).sort((a, b) => a - b);
  const same = all.length === before.length && all.every((index, i) => index === before[i]);
  return same ? before : all;
}
