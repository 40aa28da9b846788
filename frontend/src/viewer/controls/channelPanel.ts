import "./channels.css";
import { h, textButton } from "../../ui/dom";
import { type ChannelView, MAX_SHOWN } from "../channels";
import { type Histogram, histogram } from "../histogram";
import type { Tile } from "../tiles/tiles";
import type { Viewer } from "../viewer";
import { ChannelRow } from "./channelRow";

const OPEN_UP_TO = 4;

export interface PanelOptions {
  viewer: Viewer;
  /** How the channels look when nobody has changed them. */
  defaults: ChannelView[];
  /** Somebody changed something. */
  changed: () => void;
  /** Somebody wants the defaults back. */
  reset: () => void;
  say: (text: string) => void;
}

/** Colour, contrast and gamma of each channel; everything is drawn from the true values already on the graphics card. */
export class ChannelPanel {
  readonly element: HTMLElement;
  readonly #options: PanelOptions;
  readonly #viewer: Viewer;
  readonly #rows = h("div", { class: "channels" });
  #histograms = new Map<number, Histogram | null>();
  /** The rows have yet to show the histograms. */
  #stale = false;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#viewer = options.viewer;
    const { image, channels } = this.#viewer;
    this.element = h(
      "details",
      {
        class: "work-section channel-panel",
        attrs: { open: image.is_rgb || channels.length <= OPEN_UP_TO },
      },
      h("summary", { text: image.is_rgb ? "Brightness" : "Channels" }),
      this.#rows,
      h(
        "div",
        { class: "channel-actions" },
        textButton("Auto", () => this.#auto(), {
          attrs: { title: "Contrast of all channels from their own values" },
        }),
        textButton("Reset", () => this.#reset(), {
          attrs: { title: "Colours and contrast as the image came" },
        }),
      ),
    );
    this.#rows.addEventListener("focusout", ({ relatedTarget }) => {
      if (this.#stale && !this.#rows.contains(relatedTarget as Node | null)) this.render();
    });
    this.render();
  }

  /** The coarsest level of the plane in sight: its values are what the histograms count. */
  take(coarse: Map<number, Tile>): void {
    this.#histograms = new Map([...coarse].map(([index, { data }]) => [index, histogram(data)]));
    // A field in which somebody types is not taken away from under their fingers.
    this.#stale = this.#rows.contains(document.activeElement);
    if (!this.#stale) this.render();
  }

  render(): void {
    this.#stale = false;
    this.#rows.replaceChildren(...this.#groups().map((group) => this.#row(group)));
  }

  /** Rows of the panel: an RGB image has one for its three channels. */
  #groups(): ChannelView[][] {
    const { image, channels } = this.#viewer;
    return image.is_rgb ? [channels] : channels.map((channel) => [channel]);
  }

  #row(channels: ChannelView[]): HTMLElement {
    const indices = channels.map(({ index }) => index);
    const row = new ChannelRow({
      channels,
      histograms: indices.map((index) => this.#histograms.get(index) ?? null),
      dtype: this.#viewer.image.dtype,
      change: (part) => this.#change(indices, part),
      auto: () => this.#auto(indices),
    });
    return row.element;
  }

  #change(indices: number[], part: Partial<ChannelView>): void {
    const { channels } = this.#viewer;
    const shown = channels.filter(({ visible }) => visible).length;
    if (part.visible && shown >= MAX_SHOWN) {
      this.#options.say(`${MAX_SHOWN} channels are drawn at most. Switch one off first.`);
      return this.render();
    }
    this.#set(indices, () => part);
    if ("visible" in part) this.render();
  }

  #set(indices: number[], part: (channel: ChannelView) => Partial<ChannelView>): void {
    this.#viewer.setChannels(
      this.#viewer.channels.map((channel) =>
        indices.includes(channel.index) ? { ...channel, ...part(channel) } : channel,
      ),
    );
    this.#options.changed();
  }

  /** Black and white at robust percentiles of what is in the image; one pair for all colours of an RGB image. */
  #auto(indices = this.#viewer.channels.map(({ index }) => index)): void {
    const found = indices.map((index) => this.#histograms.get(index) ?? null);
    const known = found.filter((one) => one !== null);
    if (known.length === 0) return this.#options.say("The values are still being read.");
    const together = {
      low: Math.min(...known.map(({ low }) => low)),
      high: Math.max(...known.map(({ high }) => high)),
    };
    this.#set(indices, ({ index }) => {
      const own = this.#histograms.get(index);
      if (!own) return {};
      return this.#viewer.image.is_rgb ? together : { low: own.low, high: own.high };
    });
    this.render();
  }

  #reset(): void {
    this.#viewer.setChannels(this.#options.defaults);
    this.#options.reset();
    this.render();
  }
}
