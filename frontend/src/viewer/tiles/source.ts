import { SIGNAL_ABORTED } from "@vivjs/loaders";
import * as zarr from "zarrita";
import { messageOf } from "../../api/client";
import type { Sizes } from "../planes";
import { type Pixels, type Tile, TileCache } from "./tiles";

/** Which picture of a stack a tile is of: indices along the axes that the store has. */
export interface Selection {
  c: number;
  z?: number;
  t?: number;
}

/** One image pyramid, level 0 first, as Viv's layers want it. */
export type Pyramid = TileSource[];

type Axis = keyof Sizes;
type ZarrArray = zarr.Array<zarr.DataType, zarr.FetchStore>;

const TILE = 512;
const LARGEST_TILE = 1024;
const TRIES = 3;
const FIRST_PAUSE_MS = 400;
// Viv takes an image 3 or 4 px wide for one whose colours lie side by side.
const TAKEN_FOR_COLOURS = [3, 4];
const WIDER = 5;

// One for the whole page: an image and the maps over it share the room.
const cache = new TileCache(256 * 2 ** 20);

/** A chunk is a tile where it is of a sensible size, so that none is read or unpacked twice. */
function tileSize(array: ZarrArray): number {
  const side = array.chunks.at(-1) ?? TILE;
  const fits = side === array.chunks.at(-2) && side >= TILE && side <= LARGEST_TILE;
  return fits && Number.isInteger(Math.log2(side)) ? side : TILE;
}

function padded(tile: Tile, width: number): Tile {
  if (tile.width === width) return tile;
  const data = new (tile.data.constructor as new (length: number) => Pixels)(width * tile.height);
  for (let y = 0; y < tile.height; y += 1) {
    data.set(tile.data.subarray(y * tile.width, (y + 1) * tile.width), y * width);
  }
  return { data, width, height: tile.height };
}

const UNREACHED =
  "Some pixels could not be read: what keeps this image does not answer this page. Reload it to try again.";

/** Tells "failed", with the reason, where pixels that are to be drawn could not be read. */
export const reading = new EventTarget();

/** Browsers say nothing but "Failed to fetch", also where a bucket does not allow this page to read it. */
function inWords(error: unknown): unknown {
  return error instanceof TypeError ? new Error(UNREACHED, { cause: error }) : error;
}

/** Asks again after a moment: a server that restarts must not leave holes in an image. */
async function patiently<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await task();
    } catch (error) {
      if (signal.aborted) throw error;
      if (tried === TRIES) throw inWords(error);
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** tried));
    }
  }
}

/** One level of a pyramid: a pixel source of Viv's that shares, keeps and cancels what it reads. */
export class TileSource {
  readonly shape: number[];
  readonly dtype: string;
  readonly tileSize: number;
  readonly labels: Axis[];
  readonly width: number;
  readonly height: number;
  readonly #array: ZarrArray;
  readonly #name: string;

  constructor(array: ZarrArray, labels: Axis[], name: string) {
    this.#array = array;
    this.#name = name;
    this.labels = labels;
    this.tileSize = tileSize(array);
    this.dtype = array.dtype.charAt(0).toUpperCase() + array.dtype.slice(1);
    this.height = array.shape.at(-2) ?? 1;
    this.width = array.shape.at(-1) ?? 1;
    this.shape = [...array.shape.slice(0, -1), this.#drawnWidth(this.width)];
  }

  #drawnWidth(width: number): number {
    return TAKEN_FOR_COLOURS.includes(this.width) ? WIDER : width;
  }

  #key(selection: Selection, x: number, y: number): string {
    const { t = 0, c, z = 0 } = selection;
    return `${this.#name} ${t} ${c} ${z} ${x} ${y}`;
  }

  #index(selection: Selection, x: number, y: number): (number | zarr.Slice)[] {
    const side = this.tileSize;
    const slices = {
      y: zarr.slice(y * side, Math.min((y + 1) * side, this.height)),
      x: zarr.slice(x * side, Math.min((x + 1) * side, this.width)),
    };
    return this.labels.map((axis) =>
      axis === "x" || axis === "y" ? slices[axis] : (selection[axis] ?? 0),
    );
  }

  async #read(selection: Selection, x: number, y: number, signal: AbortSignal): Promise<Tile> {
    const index = this.#index(selection, x, y);
    const read = await patiently(signal, () =>
      zarr.get(this.#array, index, { opts: { signal } as never }),
    );
    if (typeof read !== "object") throw new Error("The image store holds a number, not an image.");
    const [height = 1, width = 1] = read.shape;
    return padded({ data: read.data as Pixels, width, height }, this.#drawnWidth(width));
  }

  async getTile(asked: {
    x: number;
    y: number;
    selection: Selection;
    signal?: AbortSignal;
  }): Promise<Tile> {
    const { x, y, selection, signal } = asked;
    const load = (until: AbortSignal) => this.#read(selection, x, y, until);
    try {
      return await cache.get(this.#key(selection, x, y), load, signal);
    } catch (error) {
      // Viv's own word for a request that nobody waits for any more.
      throw signal?.aborted ? SIGNAL_ABORTED : error;
    }
  }

  /** A whole level; Viv asks for the coarsest one, which is a single tile. */
  getRaster(asked: { selection: Selection; signal?: AbortSignal }): Promise<Tile> {
    return this.getTile({ ...asked, x: 0, y: 0 });
  }

  /** The value at a pixel of this level, if its tile was read. */
  valueAt(selection: Selection, x: number, y: number): number | undefined {
    const side = this.tileSize;
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
    const tile = cache.peek(this.#key(selection, column, row));
    return tile?.data[(y - row * side) * tile.width + (x - column * side)];
  }

  onTileError(error: unknown): void {
    if (error === SIGNAL_ABORTED) return;
    console.error(error);
    reading.dispatchEvent(new CustomEvent("failed", { detail: messageOf(error) }));
  }
}

interface OmeAttributes {
  ome?: { multiscales?: { datasets: { path: string }[]; axes: { name: Axis }[] }[] };
}

export interface Opened {
  pyramid: Pyramid;
  sizes: Sizes;
}

/** Opens an OME-Zarr 0.5 image of any of the axes t, c, z, y, x. */
export async function openImage(url: string): Promise<Opened> {
  const store = new zarr.FetchStore(new URL(url, location.href).href);
  const root = zarr.root(store);
  const group = await zarr.open.v3(root, { kind: "group" });
  const multiscale = (group.attrs as OmeAttributes).ome?.multiscales?.[0];
  if (!multiscale) throw new Error("The image store holds no OME-Zarr 0.5 image.");
  const labels = multiscale.axes.map((axis) => axis.name);
  const arrays = await Promise.all(
    multiscale.datasets.map(({ path }) => zarr.open.v3(root.resolve(path), { kind: "array" })),
  );
  const pyramid = arrays.map((array, level) => new TileSource(array, labels, `${url} ${level}`));
  const sizes: Sizes = { t: 1, c: 1, z: 1, y: 1, x: 1 };
  labels.forEach((axis, place) => {
    sizes[axis] = arrays[0]?.shape[place] ?? 1;
  });
  return { pyramid, sizes };
}

export async function openPyramid(url: string): Promise<Pyramid> {
  return (await openImage(url)).pyramid;
}
