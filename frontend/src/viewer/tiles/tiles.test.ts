import { describe, expect, it, vi } from "vitest";
import { Cancelled, type Tile, TileCache } from "./tiles";

const tile = (bytes: number): Tile => ({ data: new Uint8Array(bytes), width: bytes, height: 1 });

/** A request that ends when the test says so, or with its signal. */
function request() {
  let finish: (tile: Tile) => void = () => {};
  const aborted = vi.fn();
  const load = vi.fn(
    (signal: AbortSignal) =>
      new Promise<Tile>((resolve, reject) => {
        finish = resolve;
        signal.addEventListener("abort", () => {
          aborted();
          reject(signal.reason);
        });
      }),
  );
  return { load, aborted, finish: (done: Tile) => finish(done) };
}

describe("the cache of tiles", () => {
  it("forgets those not used for longest once they take too many bytes", async () => {
    const cache = new TileCache(100);
    for (const key of ["a", "b"]) await cache.get(key, async () => tile(40));
    await cache.get("a", async () => tile(40));
    await cache.get("c", async () => tile(40));
    expect(["a", "b", "c"].map((key) => cache.peek(key) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
    expect(cache.bytes).toBe(80);
  });

  it("keeps a tile that is larger than all the room, until the next one comes", async () => {
    const cache = new TileCache(10);
    await cache.get("a", async () => tile(40));
    expect(cache.peek("a")).toBeDefined();
    await cache.get("b", async () => tile(4));
    expect(cache.bytes).toBe(4);
  });

  it("asks once for two who want the same", async () => {
    const cache = new TileCache(100);
    const { load, finish } = request();
    const both = [cache.get("a", load), cache.get("a", load)];
    finish(tile(3));
    expect((await Promise.all(both)).map(({ width }) => width)).toEqual([3, 3]);
    expect(load).toHaveBeenCalledOnce();
  });

  it("goes on while one of them still waits, and cancels when none does", async () => {
    const cache = new TileCache(100);
    const { load, aborted } = request();
    const [first, second] = [new AbortController(), new AbortController()];
    const waits = [cache.get("a", load, first.signal), cache.get("a", load, second.signal)];
    const ends = Promise.allSettled(waits);
    first.abort();
    expect(aborted).not.toHaveBeenCalled();
    second.abort();
    expect(aborted).toHaveBeenCalledOnce();
    const reasons = (await ends).map((end) => end.status === "rejected" && end.reason);
    expect(reasons.every((reason) => reason instanceof Cancelled)).toBe(true);
  });

  it("asks again after a request that was cancelled or failed", async () => {
    const cache = new TileCache(100);
    const left = new AbortController();
    const cancelled = cache.get("a", request().load, left.signal);
    left.abort();
    await expect(cancelled).rejects.toThrow(Cancelled);
    const failing = cache.get("a", async () => Promise.reject(new Error("503")));
    await expect(failing).rejects.toThrow("503");
    expect((await cache.get("a", async () => tile(7))).width).toBe(7);
  });
});
