import { h } from "../../ui/dom";
import { oncePerFrame } from "../oncePerFrame";
import { compose } from "../tiles/compose";
import type { Tile } from "../tiles/tiles";
import type { Viewer } from "../viewer";

const SIDE = 150;
const THINNEST = 4;

/** The whole image in a corner with a frame around what is in sight; only while something is not. */
export class Minimap {
  readonly element = h("div", { class: "viewer-minimap", attrs: { hidden: true } });
  readonly #viewer: Viewer;
  readonly #canvas = h("canvas", { attrs: { "aria-hidden": "true" } });
  readonly #frame = h("div", { class: "viewer-minimap-frame" });
  readonly #paint = oncePerFrame(() => this.#draw());
  #coarse = new Map<number, Tile>();
  #off = false;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    this.element.append(this.#canvas, this.#frame);
    this.#size();
    this.element.addEventListener("pointerdown", (event) => this.#begin(event));
    this.element.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) this.#go(event);
    });
    viewer.addEventListener("view", () => this.#place());
    viewer.addEventListener("channels", this.#paint);
  }

  /** The coarsest level of the plane in sight, by channel. */
  take(coarse: Map<number, Tile>): void {
    this.#coarse = coarse;
    this.#paint();
  }

  toggle(): void {
    this.#off = !this.#off;
    this.#place();
  }

  #begin(event: PointerEvent): void {
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.#go(event);
  }

  #go(event: PointerEvent): void {
    const { image, view, camera } = this.#viewer;
    const box = this.#canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * image.width;
    const y = ((event.clientY - box.top) / box.height) * image.height;
    camera.view = { ...view, x, y };
  }

  #draw(): void {
    const parts = this.#viewer.channels.flatMap((channel) => {
      const tile = this.#coarse.get(channel.index);
      return tile ? [{ tile, channel }] : [];
    });
    if (parts.length === 0) return;
    const { width, height, rgba } = compose(parts, SIDE * Math.min(2, window.devicePixelRatio));
    Object.assign(this.#canvas, { width, height });
    this.#canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
    this.#place();
  }

  #size(): void {
    const { width, height } = this.#viewer.image;
    const scale = SIDE / Math.max(width, height);
    this.#canvas.style.width = `${Math.max(THINNEST, width * scale)}px`;
    this.#canvas.style.height = `${Math.max(THINNEST, height * scale)}px`;
  }

  #place(): void {
    const { image, camera, size } = this.#viewer;
    const [left, top] = camera.toImage(0, 0);
    const [right, bottom] = camera.toImage(size.width, size.height);
    const whole = left <= 0 && top <= 0 && right >= image.width && bottom >= image.height;
    this.element.hidden = this.#off || whole || this.#coarse.size === 0;
    const share = (value: number, all: number) => 100 * Math.max(0, Math.min(1, value / all));
    const { style } = this.#frame;
    style.left = `${share(left, image.width)}%`;
    style.top = `${share(top, image.height)}%`;
    style.width = `${share(right, image.width) - share(left, image.width)}%`;
    style.height = `${share(bottom, image.height) - share(top, image.height)}%`;
  }
}
