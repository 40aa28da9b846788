import type { ChannelView } from "../channels";
import type { Tile } from "./tiles";

export interface Part {
  tile: Tile;
  channel: ChannelView;
}

/** 0..1 of a value between the ends of a channel, bent by its gamma: what the graphics card draws too. */
export function intensity(value: number, channel: ChannelView): number {
  const share = (value - channel.low) / (channel.high - channel.low);
  return Math.max(0, Math.min(1, share)) ** (1 / channel.gamma);
}

/** r, g, b, a (0..255) of the sum of the visible channels, at most `side` px long; nearest pixels. */
export function compose(
  parts: Part[],
  side: number,
): { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> } {
  const whole = parts[0]?.tile ?? { width: 1, height: 1 };
  const scale = Math.min(1, side / Math.max(whole.width, whole.height));
  const width = Math.max(1, Math.round(whole.width * scale));
  const height = Math.max(1, Math.round(whole.height * scale));
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let index = 3; index < rgba.length; index += 4) rgba[index] = 255;
  for (const part of parts) if (part.channel.visible) add(rgba, width, height, part);
  return { width, height, rgba };
}

function add(rgba: Uint8ClampedArray, width: number, height: number, part: Part): void {
  const { tile, channel } = part;
  const [red, green, blue] = channel.colour;
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * tile.height) / height) * tile.width;
    for (let x = 0; x < width; x += 1) {
      const value = tile.data[row + Math.floor(((x + 0.5) * tile.width) / width)] ?? 0;
      const bright = intensity(value, channel);
      const at = (y * width + x) * 4;
      rgba[at] = (rgba[at] ?? 0) + red * bright;
      rgba[at + 1] = (rgba[at + 1] ?? 0) + green * bright;
      rgba[at + 2] = (rgba[at + 2] ?? 0) + blue * bright;
    }
  }
}
