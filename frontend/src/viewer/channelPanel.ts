import type { Image } from "../api/types";
import { h, setText } from "../ui/dom";
import { quantity } from "../ui/format";
import { type ChannelView, firstChannels, MAX_SHOWN, sliderRange } from "./channels";
import { hex, rgb } from "./colours";
import type { Viewer } from "./viewer";

const STEPS = 1000;

/** Rows of the panel: an RGB image has one for its three channels, so that its colours stay true. */
function groups(image: Image, channels: ChannelView[]): number[][] {
  if (image.is_rgb) return [channels.map((channel) => channel.index)];
  return channels.map((channel) => [channel.index]);
}

/** Colour, contrast and gamma of each channel; everything is drawn from the true values already on the graphics card. */
export class ChannelPanel {
  readonly element: HTMLElement;
  readonly #viewer: Viewer;
  readonly #rows = h("div", { class: "channels" });

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    const reset = h("button", {
      class: "btn btn-sm btn-link p-0",
      text: "Reset",
      attrs: { type: "button" },
      on: { click: () => this.#reset() },
    });
    this.element = h(
      "details",
      { class: "work-section", attrs: { open: viewer.channels.length <= 4 } },
      h("summary", { text: viewer.image.is_rgb ? "Brightness" : "Channels" }),
      this.#rows,
      reset,
    );
    this.#render();
  }

  #reset(): void {
    this.#viewer.setChannels(firstChannels(this.#viewer.image));
    this.#render();
  }

  #render(): void {
    const { image, channels } = this.#viewer;
    this.#rows.replaceChildren(...groups(image, channels).map((group) => this.#row(group)));
  }

  #change(group: number[], part: Partial<ChannelView>): void {
    const channels = this.#viewer.channels.map((channel) =>
      group.includes(channel.index) ? { ...channel, ...part } : channel,
    );
    this.#viewer.setChannels(channels);
  }

  #row(group: number[]): HTMLElement {
    const channel = this.#viewer.channels[group[0] ?? 0];
    if (!channel) throw new Error("The image has no channel.");
    const rgbImage = group.length > 1;
    return h(
      "div",
      { class: "channel" },
      rgbImage ? null : this.#head(channel),
      this.#limits(group, channel),
      this.#gamma(group, channel),
    );
  }

  #head(channel: ChannelView): HTMLElement {
    const visible = h("input", {
      class: "form-check-input",
      attrs: { type: "checkbox", id: `channel-${channel.index}`, checked: channel.visible },
      on: { change: () => this.#toggle(channel.index, visible) },
    });
    const colour = h("input", {
      class: "channel-colour",
      attrs: {
        type: "color",
        value: hex(channel.colour),
        "aria-label": `Colour of ${channel.name}`,
      },
      on: { input: () => this.#change([channel.index], { colour: rgb(colour.value) }) },
    });
    const name = h("label", { text: channel.name, attrs: { for: visible.id } });
    return h("div", { class: "channel-head" }, visible, name, colour);
  }

  #toggle(index: number, box: HTMLInputElement): void {
    const shown = this.#viewer.channels.filter((channel) => channel.visible).length;
    if (box.checked && shown >= MAX_SHOWN) box.checked = false;
    else this.#change([index], { visible: box.checked });
  }

  #limits(group: number[], channel: ChannelView): HTMLElement {
    const [least, most] = sliderRange(this.#viewer.image.dtype, channel);
    const whole = this.#viewer.image.dtype !== "float32";
    const step = whole ? 1 : (most - least) / STEPS;
    const range = (end: "low" | "high") =>
      h("input", {
        attrs: {
          type: "range",
          min: least,
          max: most,
          step,
          value: channel[end],
          "aria-label": `${end === "low" ? "Black" : "White"} point of ${channel.name}`,
        },
        on: { input: () => update(end) },
      });
    const low = range("low");
    const high = range("high");
    const read = h("output", { class: "channel-values" });
    const show = () =>
      setText(read, `${quantity(Number(low.value))} – ${quantity(Number(high.value))}`);
    const update = (end: "low" | "high") => {
      // The ends never cross: the one that moves stops one step short of the other.
      if (Number(low.value) >= Number(high.value)) {
        if (end === "low") low.value = String(Number(high.value) - step);
        else high.value = String(Number(low.value) + step);
      }
      show();
      this.#change(group, { low: Number(low.value), high: Number(high.value) });
    };
    show();
    return h(
      "div",
      { class: "channel-limits" },
      h("div", { class: "dual-range" }, low, high),
      read,
    );
  }

  #gamma(group: number[], channel: ChannelView): HTMLElement {
    const read = h("output", { class: "channel-values", text: channel.gamma.toFixed(2) });
    const slider = h("input", {
      class: "form-range",
      attrs: { type: "range", min: -1, max: 1, step: 0.05, value: Math.log2(channel.gamma) },
      on: {
        input: () => {
          const gamma = 2 ** Number(slider.value);
          setText(read, gamma.toFixed(2));
          this.#change(group, { gamma });
        },
      },
    });
    slider.setAttribute("aria-label", `Gamma of ${channel.name}`);
    return h("div", { class: "channel-gamma" }, h("span", { text: "γ" }), slider, read);
  }
}
