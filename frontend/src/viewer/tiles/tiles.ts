export type Pixels = Uint8Array | Uint16Array | Float32Array;

export interface Tile {
  data: Pixels;
  width: number;
  height: number;
}

export type LoadTile = (signal: AbortSignal) => Promise<Tile>;

interface Loading {
  promise: Promise<Tile>;
  abort: AbortController;
  waiting: number;
}

/** What a cancelled request for a tile ends with. */
export class Cancelled extends Error {}

/**
 * The tiles that were read last, up to a number of bytes. Two who ask for one tile share one request, which is cancelled
 * when neither wants it any more.
 */
export class TileCache {
  readonly #capacity: number;
  // A Map keeps the order of insertion: the first is the one not used for longest.
  readonly #tiles = new Map<string, Tile>();
  readonly #loading = new Map<string, Loading>();
  #bytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A tile that is here already. */
  peek(key: string): Tile | undefined {
    return this.#tiles.get(key);
  }

  async get(key: string, load: LoadTile, signal?: AbortSignal): Promise<Tile> {
    const here = this.#tiles.get(key);
    if (here) {
      this.#tiles.delete(key);
      this.#tiles.set(key, here);
      return here;
    }
    if (signal?.aborted) throw new Cancelled();
    return this.#join(key, this.#loading.get(key) ?? this.#begin(key, load), signal);
  }

  #begin(key: string, load: LoadTile): Loading {
    const abort = new AbortController();
    const promise = load(abort.signal).then((tile) => {
      this.#keep(key, tile);
      return tile;
    });
    const loading = { promise, abort, waiting: 0 };
    this.#loading.set(key, loading);
    const forget = (): void => {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    };
    promise.then(forget, forget);
    return loading;
  }

  #join(key: string, loading: Loading, signal?: AbortSignal): Promise<Tile> {
    loading.waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        loading.waiting -= 1;
        if (loading.waiting === 0) {
          // Whoever asks from now on begins anew instead of joining what is being cancelled.
          this.#loading.delete(key);
          loading.abort.abort();
        }
        reject(new Cancelled());
      };
      signal?.addEventListener("abort", leave, { once: true });
      loading.promise.then(resolve, reject).finally(() => {
        signal?.removeEventListener("abort", leave);
      });
    });
  }

  #keep(key: string, tile: Tile): void {
    this.#tiles.set(key, tile);
    this.#bytes += tile.data.byteLength;
    for (const [oldest, old] of this.#tiles) {
      if (this.#bytes <= this.#capacity || oldest === key) break;
      this.#tiles.delete(oldest);
      this.#bytes -= old.data.byteLength;
    }
  }
}
