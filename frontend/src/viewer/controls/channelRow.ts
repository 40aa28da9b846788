import { h, iconButton, setText } from "../../ui/dom";
import { type ChannelView, sliderRange } from "../channels";
import { hex, rgb } from "../colours";
import type { Histogram } from "../histogram";
import { ChannelHistogram } from "./channelHistogram";

const STEPS = 1000;

export interface RowOptions {
  /** One channel, or the three of an RGB image, which are changed together so that its colours stay true. */
  channels: ChannelView[];
  histograms: (Histogram | null)[];
  dtype: string;
  change: (part: Partial<ChannelView>) => void;
  auto: () => void;
}

type End = "low" | "high";
/** As a person would type it: a whole number where pixels are, else six digits. */
const written = (value: number, whole: boolean): number =>
  whole ? Math.round(value) : Number(value.toPrecision(6));

const NAMES = { low: "Black", high: "White" } as const;

/** Switch, colour, contrast and gamma of a channel; folded to its name while it is hidden. */
export class ChannelRow {
  readonly element: HTMLElement;
  readonly #options: RowOptions;
  #channel: ChannelView;
  #histogram: ChannelHistogram | null = null;

  constructor(options: RowOptions) {
    const [first] = options.channels;
    if (!first) throw new Error("The image has no channel.");
    this.#options = options;
    this.#channel = first;
    const one = options.channels.length === 1;
    this.element = h(
      "div",
      { class: "channel", attrs: { "data-channel": first.index } },
      this.#head(one),
      ...(first.visible ? [this.#limits(), this.#gamma()] : []),
    );
    this.#histogram?.show(first);
  }

  #change(part: Partial<ChannelView>): void {
    this.#channel = { ...this.#channel, ...part };
    this.#histogram?.show(this.#channel);
    this.#options.change(part);
  }

  #head(one: boolean): HTMLElement {
    const { index, name, visible } = this.#channel;
    const auto = iconButton(
      "magic",
      one ? `Auto contrast of ${name}` : "Auto contrast",
      () => this.#options.auto(),
      "btn btn-sm channel-auto",
    );
    auto.hidden = !visible;
    if (!one) return h("div", { class: "channel-head" }, h("label", { text: "Colours" }), auto);
    const box = h("input", {
      class: "form-check-input",
      attrs: { type: "checkbox", id: `channel-${index}`, checked: visible },
      on: { change: () => this.#change({ visible: box.checked }) },
    });
    const label = h("label", { text: name, attrs: { for: box.id, title: name } });
    return h("div", { class: "channel-head" }, box, label, auto, this.#colour());
  }

  #colour(): HTMLElement {
    const { colour, name } = this.#channel;
    const input = h("input", {
      class: "channel-colour",
      attrs: { type: "color", value: hex(colour), "aria-label": `Colour of ${name}` },
      on: { input: () => this.#change({ colour: rgb(input.value) }) },
    });
    return input;
  }

  #range(): [number, number] {
    const found = this.#options.histograms.filter((one) => one !== null);
    const extent = {
      least: Math.min(...found.map(({ least }) => least)),
      most: Math.max(...found.map(({ most }) => most)),
    };
    return sliderRange(this.#options.dtype, this.#channel, found.length > 0 ? extent : null);
  }

  #drawn(range: [number, number]): HTMLElement | null {
    const { histograms, channels } = this.#options;
    const of = histograms.flatMap((found, place) => {
      const own = channels.length > 1 ? hex(channels[place]?.colour ?? [255, 255, 255]) : null;
      return found ? [{ found, colour: own }] : [];
    });
    if (of.length === 0) return null;
    this.#histogram = new ChannelHistogram(of, range);
    return this.#histogram.element;
  }

  #limits(): HTMLElement {
    const range = this.#range();
    const whole = this.#options.dtype !== "float32";
    const step = whole ? 1 : (range[1] - range[0]) / STEPS;
    const sliders = {
      low: this.#slider("low", range, step),
      high: this.#slider("high", range, step),
    };
    const fields = { low: this.#field("low", whole), high: this.#field("high", whole) };
    const take = (end: End, value: number): void => {
      const other = end === "low" ? this.#channel.high : this.#channel.low;
      // The ends never cross: the one that moves stops one step short of the other.
      const most = end === "low" ? Math.min(value, other - step) : Math.max(value, other + step);
      this.#change({ [end]: most });
      sliders[end].value = String(most);
      fields[end].value = String(written(most, whole));
    };
    for (const end of ["low", "high"] as const) {
      sliders[end].addEventListener("input", () => take(end, Number(sliders[end].value)));
      fields[end].addEventListener("change", () => take(end, Number(fields[end].value)));
    }
    return h(
      "div",
      {},
      h("div", { class: "dual-range" }, this.#drawn(range), sliders.low, sliders.high),
      h("div", { class: "channel-ends" }, fields.low, fields.high),
    );
  }

  #slider(end: End, [min, max]: [number, number], step: number): HTMLInputElement {
    const label = `${NAMES[end]} point of ${this.#channel.name}`;
    const value = this.#channel[end];
    return h("input", { attrs: { type: "range", min, max, step, value, "aria-label": label } });
  }

  #field(end: End, whole: boolean): HTMLInputElement {
    const attrs = {
      type: "number",
      step: whole ? 1 : "any",
      value: written(this.#channel[end], whole),
      "aria-label": `${NAMES[end]} value of ${this.#channel.name}`,
    };
    return h("input", { class: "channel-value", attrs });
  }

  #gamma(): HTMLElement {
    const { gamma, name } = this.#channel;
    const read = h("output", { class: "channel-values", text: gamma.toFixed(2) });
    const attrs = { type: "range", min: -2, max: 2, step: 0.05, value: Math.log2(gamma) };
    const slider = h("input", {
      class: "form-range",
      attrs: { ...attrs, "aria-label": `Gamma of ${name}` },
      on: {
        input: () => {
          const bent = 2 ** Number(slider.value);
          setText(read, bent.toFixed(2));
          this.#change({ gamma: bent });
        },
      },
    });
    return h("div", { class: "channel-gamma" }, h("span", { text: "γ" }), slider, read);
  }
}
