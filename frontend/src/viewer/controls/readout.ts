import { h, setText } from "../../ui/dom";
import { quantity } from "../../ui/format";
import { hex } from "../colours";
import { levelWords } from "../tiles/values";
import type { Viewer } from "../viewer";

/** The position under the pointer in px and µm, and the true values there. */
export class Readout {
  readonly element = h("div", { class: "viewer-readout", attrs: { hidden: true } });
  readonly #place = h("span");
  readonly #values = h("span", { class: "viewer-values" });
  readonly #viewer: Viewer;

  #at: [number, number] | null = null;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    this.element.append(this.#place, this.#values);
    // Another plane may come under a pointer that rests.
    viewer.addEventListener("drawn", () => this.#at && this.#showValues(this.#at));
  }

  show(at: [number, number] | null, more = ""): void {
    const { width, height } = this.#viewer.image;
    const inside = at && at[0] >= 0 && at[1] >= 0 && at[0] < width && at[1] < height;
    this.element.hidden = !inside;
    this.#at = inside ? at : null;
    if (!inside) return;
    setText(this.#place, this.#position(at) + (more && ` · ${more}`));
    this.#showValues(at);
  }

  #position([x, y]: [number, number]): string {
    const size = this.#viewer.image.pixel_size_um;
    const um = size ? ` · ${(x * size[1]).toFixed(1)}, ${(y * size[0]).toFixed(1)} µm` : "";
    return `x ${Math.floor(x)}, y ${Math.floor(y)} px${um}`;
  }

  #showValues(at: [number, number]): void {
    const found = this.#viewer.valuesAt(...at);
    const parts = [...(found?.values ?? [])].map(([index, value]) => this.#value(index, value));
    const level = levelWords(found?.level ?? 0);
    this.#values.replaceChildren(...parts, ...(level ? [h("i", { text: level })] : []));
  }

  #value(index: number, value: number): HTMLElement {
    const { channels, image } = this.#viewer;
    const channel = channels[index];
    const colour = hex(channel?.colour ?? [255, 255, 255]);
    return h(
      "span",
      { attrs: { "data-channel": index, "data-value": value } },
      h("i", { class: "viewer-dot", style: { background: colour } }),
      image.channels.length > 1 ? `${channel?.name} ` : "",
      quantity(value),
    );
  }
}
