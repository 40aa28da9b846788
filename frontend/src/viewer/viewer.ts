import type { Layer, LayersList } from "@deck.gl/core";
import type { Image } from "../api/types";
import { h } from "../ui/dom";
import { Camera } from "./camera";
import type { ChannelView } from "./channels";
import { Gestures, type Stroke } from "./gestures";
import { Picture } from "./picture";
import type { Plane, Sizes } from "./planes";
import { ScaleBar } from "./scalebar";
import { Surface } from "./surface";
import { Stack } from "./tiles/stack";
import type { Tile } from "./tiles/tiles";
import type { PixelValues } from "./tiles/values";
import type { MARGINS, Size, View } from "./view";

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

/** What is shown first: chosen before anything is fetched. */
export interface First {
  plane?: (sizes: Sizes) => Plane;
  channels?: (channels: ChannelView[]) => ChannelView[];
  /** Kept free around the image: by default there is room for tools. */
  margins?: typeof MARGINS;
}

export function webglAvailable(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

/**
 * One image on a dark ground: pan, zoom, planes, channels, and whatever layers its owner lays over it. Says what changed
 * by the events "view", "plane", "channels" and "drawn".
 */
export class Viewer extends EventTarget {
  readonly image: Image;
  readonly element = h("div", { class: "viewer", attrs: { "data-ready": "false" } });
  readonly ready: Promise<void>;
  readonly camera: Camera;
  readonly #abort = new AbortController();
  readonly #events: ViewerEvents;
  readonly #picture: Picture;
  readonly #scaleBar = new ScaleBar();
  readonly #canvas: HTMLCanvasElement;
  readonly #surface: Surface;
  #frame = 0;
  #stale = false;
  // Between a turn to another plane and the frame that asks for its tiles, what is drawn is the old plane.
  #turned = false;
  #resolveReady: () => void = () => {};

  private constructor(
    parent: HTMLElement,
    image: Image,
    picture: Picture,
    events: ViewerEvents,
    { margins }: First,
  ) {
    super();
    this.image = image;
    this.#events = events;
    this.#picture = picture;
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.#canvas = h("canvas", {
      class: "viewer-canvas",
      attrs: { tabindex: 0, role: "application", "aria-label": `Image ${image.name}` },
    });
    this.element.append(this.#canvas, this.#scaleBar.element);
    parent.append(this.element);
    this.camera = new Camera(
      image,
      () => this.size,
      () => this.invalidate(),
      margins,
    );
    const drawn = (): void => this.#afterRender();
    this.#surface = new Surface(this.#canvas, this.view, this.#layers(), drawn);
    this.#listen();
  }

  static async open(
    parent: HTMLElement,
    image: Image,
    events: ViewerEvents = {},
    first: First = {},
  ): Promise<Viewer> {
    const picture = new Picture(image, await Stack.open(image));
    picture.channels = first.channels?.(picture.channels) ?? picture.channels;
    await picture.turn(first.plane?.(picture.sizes) ?? picture.plane);
    return new Viewer(parent, image, picture, events, first);
  }

  get size(): Size {
    const { clientWidth, clientHeight } = this.element;
    return { width: Math.max(1, clientWidth), height: Math.max(1, clientHeight) };
  }

  get canvas(): HTMLCanvasElement {
    return this.#canvas;
  }

  get view(): View {
    return this.camera.view;
  }

  get sizes(): Sizes {
    return this.#picture.sizes;
  }

  get plane(): Plane {
    return this.#picture.plane;
  }

  get hasMaximum(): boolean {
    return this.#picture.hasMaximum;
  }

  get channels(): ChannelView[] {
    return this.#picture.channels;
  }

  #listen(): void {
    const { signal } = this.#abort;
    const target = {
      pan: (right: number, down: number) => this.camera.pan(right, down),
      zoom: (at: [number, number], by: number) => this.camera.zoom(by, at),
      hover: (at: [number, number] | null) =>
        this.#events.hover?.(at && this.camera.toImage(...at)),
      stroke: () => this.#strokeInPixels(),
    };
    new Gestures(this.#canvas, target, signal);
    const resized = new ResizeObserver(() => this.camera.resized());
    resized.observe(this.element);
    signal.addEventListener("abort", () => resized.disconnect());
    this.#canvas.addEventListener("webglcontextlost", () => this.#events.lost?.(), { signal });
  }

  #strokeInPixels(): Stroke | null {
    const stroke = this.#events.stroke?.();
    if (!stroke) return null;
    return {
      down: (left, top, event) => stroke.down(...this.camera.toImage(left, top), event),
      move: (left, top) => stroke.move(...this.camera.toImage(left, top)),
      up: () => stroke.up(),
      cancel: () => stroke.cancel(),
    };
  }

  setChannels(channels: ChannelView[]): void {
    this.#picture.channels = channels;
    this.dispatchEvent(new Event("channels"));
    this.invalidate();
  }

  /** Shows another plane, time point or the maximum; the old one stays until the new one is here. */
  async setPlane(plane: Plane): Promise<void> {
    if (!(await this.#picture.turn(plane))) return;
    this.#turned = true;
    this.element.dataset.ready = "false";
    this.dispatchEvent(new Event("plane"));
    this.invalidate();
  }

  /**
   * Asks for a new frame; however often it is called, one is drawn. The first call of a frame is for this one: deck.gl
   * draws what it knows when the frame begins, and whoever tells it then waits for the next.
   */
  invalidate(): void {
    if (this.#abort.signal.aborted) return;
    this.#stale = true;
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#stale) this.#compose();
    });
    queueMicrotask(() => this.#compose());
  }

  #compose(): void {
    if (!this.#stale || this.#abort.signal.aborted) return;
    this.#stale = false;
    this.#surface.draw(this.view, this.#layers());
    this.#turned = false;
    this.#scaleBar.show(this.image.pixel_size_um?.[1] ?? null, this.view.zoom);
    this.dispatchEvent(new Event("view"));
  }

  #layers(): LayersList {
    const overlays = this.#events.overlays?.({ view: this.view, canvas: this.size }) ?? [];
    return [this.#picture.layer(), ...overlays];
  }

  #afterRender(): void {
    const loaded = !this.#turned && this.#surface.loaded;
    const before = this.element.dataset.ready;
    this.element.dataset.ready = String(loaded);
    if (!loaded || before === "true") return;
    this.#resolveReady();
    this.dispatchEvent(new Event("drawn"));
  }

  /** The coarsest level of the channels in use, for histograms and the small picture. */
  overview(): Promise<Map<number, Tile>> {
    return this.#picture.overview(this.#abort.signal);
  }

  valuesAt(x: number, y: number): PixelValues | null {
    return this.#picture.valuesAt(x, y);
  }

  /** Where an image position (px) lies on the page, for tests and for pop-ups. */
  clientPoint(x: number, y: number): [number, number] {
    const box = this.#canvas.getBoundingClientRect();
    const [left, top] = this.camera.toScreen(x, y);
    return [box.left + left, box.top + top];
  }

  /** The colour (r, g, b, a; 0..255) that is drawn at an image position. */
  pixelAt(x: number, y: number): [number, number, number, number] {
    const [left, top] = this.camera.toScreen(x, y);
    return this.#surface.colourAt(left, top, this.size.width);
  }

  destroy(): void {
    this.#abort.abort();
    cancelAnimationFrame(this.#frame);
    this.#surface.destroy();
    this.element.remove();
  }
}
