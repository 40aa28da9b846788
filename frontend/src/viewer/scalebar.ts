import { h, setText } from "../ui/dom";

const STEPS = [1, 2, 5];

export interface Bar {
  /** screen px */
  width: number;
  label: string;
}

function label(um: number): string {
  if (um >= 1000) return `${Number((um / 1000).toPrecision(3))} mm`;
  if (um < 1) return `${Number((um * 1000).toPrecision(3))} nm`;
  return `${Number(um.toPrecision(3))} µm`;
}

/** The longest round length (1, 2 or 5 times a power of ten) that takes at most `room` screen px. */
export function bar(umPerScreenPixel: number, room: number): Bar {
  const longest = umPerScreenPixel * room;
  const decade = 10 ** Math.floor(Math.log10(longest));
  const um =
    STEPS.map((step) => step * decade)
      .filter((length) => length <= longest)
      .at(-1) ?? decade;
  return { width: um / umPerScreenPixel, label: label(um) };
}

export class ScaleBar {
  readonly element = h("div", { class: "viewer-scalebar", attrs: { hidden: true } });
  readonly #line = h("div", { class: "viewer-scalebar-line" });
  readonly #label = h("div", { class: "viewer-scalebar-label" });

  constructor() {
    this.element.append(this.#label, this.#line);
  }

  /** `pixelSize` is µm per image px along x, null where the file did not say. */
  show(pixelSize: number | null, zoom: number): void {
    this.element.hidden = pixelSize === null;
    if (pixelSize === null) return;
    const { width, label: text } = bar(pixelSize / 2 ** zoom, 140);
    this.#line.style.width = `${width.toFixed(1)}px`;
    setText(this.#label, text);
  }
}
