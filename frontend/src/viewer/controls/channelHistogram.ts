import { h } from "../../ui/dom";
import type { ChannelView } from "../channels";
import { hex } from "../colours";
import { counted, type Histogram } from "../histogram";

const BINS = 128;
const HEIGHT = 36;

/** Each bin's height, 0..1: of the logarithm, so that a bright structure of few pixels is seen beside the background. */
function heights(counts: number[]): number[] {
  const logs = counts.map((count) => Math.log1p(count));
  const top = Math.max(...logs, 1e-9);
  return logs.map((log) => log / top);
}

/** The values of a channel behind its sliders: those between black and white in the channel's colour. */
export class ChannelHistogram {
  readonly element = h("canvas", { class: "channel-histogram", attrs: { "aria-hidden": "true" } });
  readonly #bars: { heights: number[]; colour: string | null }[];
  readonly #range: [number, number];

  constructor(of: { found: Histogram; colour: string | null }[], range: [number, number]) {
    this.#range = range;
    this.#bars = of.map(({ found, colour }) => ({
      heights: heights(counted(found.sorted, range, BINS)),
      colour,
    }));
    this.element.width = BINS;
    this.element.height = HEIGHT;
  }

  show(channel: Pick<ChannelView, "low" | "high" | "colour">): void {
    const context = this.element.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, BINS, HEIGHT);
    // Where the colours of an RGB image lie over each other, they add up as light does.
    context.globalCompositeOperation = "lighter";
    const [least, most] = this.#range;
    const bin = (value: number) => ((value - least) / (most - least)) * BINS;
    for (const { heights: tall, colour } of this.#bars) {
      context.fillStyle = colour ?? hex(channel.colour);
      tall.forEach((share, place) => {
        const shown = place + 1 > bin(channel.low) && place < bin(channel.high);
        context.globalAlpha = shown ? 0.75 : 0.25;
        context.fillRect(place, HEIGHT * (1 - share), 1, HEIGHT * share);
      });
    }
  }
}
