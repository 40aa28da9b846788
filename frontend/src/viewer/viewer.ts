import { Deck, type Layer, type LayersList, OrthographicView } from "@deck.gl/core";
import type { Image } from "../api/types";
import { h } from "../ui/dom";
import { type ChannelView, firstChannels, selected } from "./channels";
import { Gestures, type Stroke } from "./gestures";
import { imageLayer } from "./imageLayer";
import { ScaleBar } from "./scalebar";
import { openPyramid, type Pyramid } from "./source";
import {
  clampView,
  fitted,
  panBy,
  reveal,
  type Size,
  toImage,
  toScreen,
  type View,
  zoomAt,
} from "./view";

export interface Frame {
  view: View;
  canvas: Size;
}

export interface ViewerEvents {
  /** The layers over the image, for the frame that is about to be drawn. */
  overlays?: (frame: Frame) => Layer[];
  /** The image position (px) under the pointer, null when it left. */
  hover?: (at: [number, number] | null) => void;
  /** What a left drag does in image px; null pans. */
  stroke?: () => Stroke | null;
  lost?: () => void;
}

export function webglAvailable(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

const VIEW_ID = "image";

/** One image on a dark ground: pan, zoom, channels, and whatever layers its owner lays over it. */
export class Viewer {
  readonly image: Image;
  readonly element = h("div", { class: "viewer", attrs: { "data-ready": "false" } });
  readonly ready: Promise<void>;
  channels: ChannelView[];
  readonly #abort = new AbortController();
  readonly #events: ViewerEvents;
  readonly #pyramid: Pyramid;
  readonly #scaleBar = new ScaleBar();
  readonly #canvas: HTMLCanvasElement;
  readonly #deck: Deck<OrthographicView>;
  #gl: WebGL2RenderingContext | null = null;
  #selections: { c: number }[] = [];
  #view: View;
  #moved = false;
  #frame = 0;
  #resolveReady: () => void = () => {};

  private constructor(parent: HTMLElement, image: Image, pyramid: Pyramid, events: ViewerEvents) {
    this.image = image;
    this.#events = events;
    this.#pyramid = pyramid;
    this.channels = firstChannels(image);
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#canvas = h("canvas", {
      class: "viewer-canvas",
      attrs: { tabindex: 0, role: "application", "aria-label": `Image ${image.name}` },
    });
    this.element.append(this.#canvas, this.#scaleBar.element);
    parent.append(this.element);
    this.#view = fitted(image, this.size);
    this.#deck = this.#createDeck();
    this.#listen();
  }

  static async open(parent: HTMLElement, image: Image, events: ViewerEvents = {}): Promise<Viewer> {
    if (!image.store) throw new Error("This image has no pixels to show yet.");
    return new Viewer(parent, image, await openPyramid(image.store), events);
  }

  get size(): Size {
    const { clientWidth, clientHeight } = this.element;
    return { width: Math.max(1, clientWidth), height: Math.max(1, clientHeight) };
  }

  get canvas(): HTMLCanvasElement {
    return this.#canvas;
  }

  get view(): View {
    return this.#view;
  }

  #createDeck(): Deck<OrthographicView> {
    return new Deck<OrthographicView>({
      canvas: this.#canvas,
      views: new OrthographicView({ id: VIEW_ID, controller: false }),
      viewState: this.#deckView(),
      layers: this.#layers(),
      controller: false,
      // All edges here lie along pixels; smoothing them would cost a browser without a graphics card dearly.
      deviceProps: { type: "webgl", webgl: { antialias: false } },
      onDeviceInitialized: (device) => {
        this.#gl = (device as unknown as { gl: WebGL2RenderingContext }).gl;
      },
      onAfterRender: () => this.#afterRender(),
      onError: (error) => console.error(error),
    });
  }

  #listen(): void {
    const { signal } = this.#abort;
    const toPixels = (at: [number, number]) => toImage(this.#view, this.size, ...at);
    new Gestures(
      this.#canvas,
      {
        pan: (right, down) => this.setView(panBy(this.#view, right, down)),
        zoom: (at, by) => this.setView(zoomAt(this.#view, this.size, at, by)),
        hover: (at) => this.#events.hover?.(at && toPixels(at)),
        stroke: () => this.#strokeInPixels(),
      },
      signal,
    );
    const resized = new ResizeObserver(() => this.#resized());
    resized.observe(this.element);
    signal.addEventListener("abort", () => resized.disconnect());
    this.#canvas.addEventListener("webglcontextlost", () => this.#events.lost?.(), { signal });
  }

  #strokeInPixels(): Stroke | null {
    const stroke = this.#events.stroke?.();
    if (!stroke) return null;
    return {
      down: (left, top, event) => stroke.down(...toImage(this.#view, this.size, left, top), event),
      move: (left, top) => stroke.move(...toImage(this.#view, this.size, left, top)),
      up: () => stroke.up(),
      cancel: () => stroke.cancel(),
    };
  }

  #resized(): void {
    if (this.#moved) this.invalidate();
    else this.fit();
  }

  fit(): void {
    this.#view = fitted(this.image, this.size);
    this.#moved = false;
    this.invalidate();
  }

  setView(view: View): void {
    this.#view = clampView(view, this.image, this.size);
    this.#moved = true;
    this.invalidate();
  }

  zoomBy(by: number): void {
    const { width, height } = this.size;
    this.setView(zoomAt(this.#view, this.size, [width / 2, height / 2], by));
  }

  reveal(box: readonly [number, number, number, number]): void {
    const view = reveal(this.#view, this.size, box);
    if (view !== this.#view) this.setView(view);
  }

  setChannels(channels: ChannelView[]): void {
    this.channels = channels;
    this.invalidate();
  }

  /** Asks for a new frame; however often it is called, one is drawn. */
  invalidate(): void {
    if (this.#frame || this.#abort.signal.aborted) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#deck.setProps({ viewState: this.#deckView(), layers: this.#layers() });
      this.#scaleBar.show(this.image.pixel_size_um?.[1] ?? null, this.#view.zoom);
    });
  }

  #deckView(): { target: [number, number, number]; zoom: number } {
    return { target: [this.#view.x, this.#view.y, 0], zoom: this.#view.zoom };
  }

  #layers(): LayersList {
    const before = this.#selections.map(({ c }) => c);
    const now = selected(this.channels, before);
    if (now !== before) this.#selections = now.map((c) => ({ c }));
    const image = imageLayer({
      pyramid: this.#pyramid,
      channels: this.channels,
      selections: this.#selections,
    });
    return [image, ...(this.#events.overlays?.({ view: this.#view, canvas: this.size }) ?? [])];
  }

  #afterRender(): void {
    const layers = this.#deck.props.layers.flat() as (Layer | null)[];
    const loaded = layers.every((layer) => !layer || layer.isLoaded);
    this.element.dataset.ready = String(loaded);
    if (loaded) this.#resolveReady();
  }

  /** Where an image position (px) lies on the page, for tests and for pop-ups. */
  clientPoint(x: number, y: number): [number, number] {
    const box = this.#canvas.getBoundingClientRect();
    const [left, top] = toScreen(this.#view, this.size, x, y);
    return [box.left + left, box.top + top];
  }

  /** The colour (r, g, b, a; 0..255) that is drawn at an image position. */
  pixelAt(x: number, y: number): [number, number, number, number] {
    const gl = this.#gl;
    if (!gl) throw new Error("The graphics context is not ready.");
    this.#deck.redraw("probe");
    const [left, top] = toScreen(this.#view, this.size, x, y);
    const scale = gl.drawingBufferWidth / this.size.width;
    const data = new Uint8Array(4);
    const bottom = gl.drawingBufferHeight - 1 - Math.floor(top * scale);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(Math.floor(left * scale), bottom, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, data);
    return [data[0] ?? 0, data[1] ?? 0, data[2] ?? 0, data[3] ?? 0];
  }

  destroy(): void {
    this.#abort.abort();
    cancelAnimationFrame(this.#frame);
    this.#deck.finalize();
    this.element.remove();
  }
}
