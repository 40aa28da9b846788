import type { Image } from "../api/types";
import { type Rgb, rgb } from "./colours";

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

/** How each channel is drawn first. An RGB image is drawn as it is: pure red, green and blue over the full range. */
export function firstChannels(image: Pick<Image, "channels" | "is_rgb">): ChannelView[] {
  const rgbRange = image.is_rgb ? { low: 0, high: 255 } : null;
  return image.channels.map((channel, index) => ({
    index,
    name: channel.name || `Channel ${index + 1}`,
    colour: (rgbRange ? RGB_CHANNELS[index] : null) ?? rgb(channel.colour),
    visible: index < FIRST_SHOWN,
    low: rgbRange?.low ?? channel.low,
    high: rgbRange?.high ?? channel.high,
    gamma: 1,
  }));
}

/** The largest value a slider offers: the data type's for 8 bit, else what the image itself reaches. */
export function sliderRange(
  dtype: string,
  channel: Pick<ChannelView, "low" | "high">,
): [number, number] {
  if (dtype === "uint8") return [0, 255];
  const reach = Math.max(channel.high - channel.low, 1e-6);
  const top = channel.high + reach;
  if (dtype === "uint16") return [0, Math.min(65535, Math.ceil(top))];
  return [Math.min(0, channel.low - reach / 2), top];
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
