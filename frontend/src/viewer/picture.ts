import type { Layer } from "@deck.gl/core";
import type { Image } from "../api/types";
import { type ChannelView, firstChannels, selected } from "./channels";
import { imageLayer } from "./layers/image";
import { clampPlane, type Plane, type Sizes, samePlane } from "./planes";
import type { Pyramid, Selection } from "./tiles/source";
import type { Stack } from "./tiles/stack";
import type { Tile } from "./tiles/tiles";
import { type PixelValues, valuesAt } from "./tiles/values";

/** Which pixels of an image are drawn, and how: one plane or the maximum, and its channels. */
export class Picture {
  channels: ChannelView[];
  readonly #stack: Stack;
  #plane: Plane = { projection: "plane", z: 0, t: 0 };
  #pyramid: Pyramid;
  #fetched: number[] = [];
  #selections: Selection[] = [];

  constructor(image: Image, stack: Stack) {
    this.#stack = stack;
    this.#pyramid = stack.planes;
    this.channels = firstChannels(image);
  }

  get sizes(): Sizes {
    return this.#stack.sizes;
  }

  get hasMaximum(): boolean {
    return this.#stack.hasMaximum;
  }

  get plane(): Plane {
    return this.#plane;
  }

  /** Turns to another plane; false where a later turn came first, or nothing changed. */
  async turn(asked: Plane): Promise<boolean> {
    const projection = this.hasMaximum ? asked.projection : "plane";
    const plane = clampPlane({ ...asked, projection }, this.sizes);
    if (this.#selections.length > 0 && samePlane(plane, this.#plane)) return false;
    this.#plane = plane;
    const pyramid = await this.#stack.pyramid(plane);
    if (this.#plane !== plane) return false;
    this.#pyramid = pyramid;
    this.#fetched = selected(this.channels, this.#fetched);
    this.#select();
    return true;
  }

  /** New selections are what makes Viv fetch: they are made only where plane or channels changed. */
  #select(): void {
    this.#selections = this.#fetched.map((c) => this.#stack.selection(this.#plane, c));
  }

  layer(): Layer {
    const fetched = selected(this.channels, this.#fetched);
    if (fetched !== this.#fetched) {
      this.#fetched = fetched;
      this.#select();
    }
    const { channels } = this;
    return imageLayer({ pyramid: this.#pyramid, channels, selections: this.#selections });
  }

  /** The coarsest level of the channels that are fetched for the plane in sight, by channel. */
  async overview(signal: AbortSignal): Promise<Map<number, Tile>> {
    const coarse = this.#pyramid.at(-1);
    const read = this.#selections.map(async (selection): Promise<[number, Tile][]> => {
      const tile = await coarse?.getRaster({ selection, signal });
      return tile ? [[selection.c, tile]] : [];
    });
    return new Map((await Promise.all(read)).flat());
  }

  /** The true values of the visible channels at an image position, from what is loaded already. */
  valuesAt(x: number, y: number): PixelValues | null {
    const visible = this.#selections.filter(({ c }) => this.channels[c]?.visible);
    return valuesAt(this.#pyramid, visible, x, y);
  }
}
