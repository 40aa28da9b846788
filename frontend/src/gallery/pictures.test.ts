import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CHUNK, Pictures } from "./pictures";
import type { Item } from "./types";

const items = Array.from(
  { length: 40 * CHUNK },
  (_, column): Item => ({ image: 1, row: 0, column, code: 0, score: null, out: false, said: null }),
);

/** The browser's side: requests that are answered by hand, and pictures that are decoded at once. */
class Wire {
  readonly asked: { url: string; signal: AbortSignal; answer: () => void }[] = [];
  down = false;
  readonly urls = new Set<string>();
  #made = 0;

  fetch = (url: string, { signal }: { signal: AbortSignal }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const answer = (): void => resolve({ ok: true, blob: async () => new Blob() });
      signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      this.asked.push({ url, signal, answer });
      if (this.down) reject(new TypeError("Failed to fetch"));
    });

  make = (): string => {
    this.#made += 1;
    this.urls.add(`blob:${this.#made}`);
    return `blob:${this.#made}`;
  };

  drop = (url: string): void => {
    this.urls.delete(url);
  };
}

describe("pictures of patches", () => {
  let wire: Wire;

  beforeEach(() => {
    wire = new Wire();
    vi.stubGlobal("window", new EventTarget());
    vi.stubGlobal("fetch", wire.fetch);
    vi.stubGlobal(
      "Image",
      class {
        src = "";
        decode = async (): Promise<void> => undefined;
      },
    );
    vi.stubGlobal("URL", { createObjectURL: wire.make, revokeObjectURL: wire.drop });
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const settle = () => new Promise((resolve) => setTimeout(resolve));

  it("that were passed by are given up, and those in sight come first", () => {
    const pictures = new Pictures(1, () => undefined);
    pictures.reset(items, 64, "");
    pictures.want([[0, 4 * CHUNK]]);
    expect(wire.asked).toHaveLength(4);
    pictures.want([[20 * CHUNK, 21 * CHUNK]]);
    expect(wire.asked.slice(0, 4).every(({ signal }) => signal.aborted)).toBe(true);
    expect(wire.asked[4]?.url).toContain(`cells=1:0:${20 * CHUNK},`);
    expect(wire.asked[4]?.signal.aborted).toBe(false);
  });

  it("take a bounded room, whatever was scrolled through", async () => {
    const pictures = new Pictures(1, () => undefined);
    pictures.reset(items, 256, "");
    for (let chunk = 0; chunk < 40; chunk += 1) {
      pictures.want([[chunk * CHUNK, (chunk + 1) * CHUNK]]);
      wire.asked.at(-1)?.answer();
      await settle();
    }
    expect(wire.urls.size).toBe(24);
    expect(pictures.part(39 * CHUNK + 13)).toEqual({ url: "blob:40", column: 3, row: 1 });
    expect(pictures.part(0)).toBeNull();
  });

  it("are asked for once more where the list grew while they were under way", async () => {
    const pictures = new Pictures(1, () => undefined);
    const growing = items.slice(0, 17);
    pictures.reset(growing, 64, "");
    pictures.want([[0, CHUNK]]);
    growing.push(...items.slice(17, CHUNK));
    pictures.want([[0, CHUNK]]);
    wire.asked[0]?.answer();
    await settle();
    expect([pictures.has(0, 17), pictures.has(0, CHUNK)]).toEqual([false, false]);
    expect(wire.asked).toHaveLength(2);
    wire.asked[1]?.answer();
    await settle();
    expect(pictures.has(0, CHUNK)).toBe(true);
    expect(wire.asked).toHaveLength(2);
  });

  it("of patches that are no longer to come are dropped", async () => {
    const pictures = new Pictures(1, () => undefined);
    pictures.reset(items, 64, "");
    pictures.want([[0, 2 * CHUNK]]);
    for (const { answer } of wire.asked) answer();
    await settle();
    pictures.cut(CHUNK + 5);
    expect(pictures.part(CHUNK + 4)).not.toBeNull();
    expect(pictures.part(CHUNK + 5)).toBeNull();
    pictures.cut(CHUNK);
    expect(wire.urls.size).toBe(1);
  });

  it("that did not come are left alone for a moment, and asked for once the connection is back", async () => {
    const pictures = new Pictures(1, () => undefined);
    pictures.reset(items, 64, "");
    wire.down = true;
    pictures.want([[0, CHUNK]]);
    await settle();
    pictures.want([[0, CHUNK]]);
    await settle();
    expect(wire.asked).toHaveLength(1);
    wire.down = false;
    window.dispatchEvent(new Event("online"));
    await settle();
    wire.asked[1]?.answer();
    await settle();
    expect(pictures.has(0, CHUNK)).toBe(true);
  });

  it("that did not come are not asked for when other patches are shown meanwhile", async () => {
    vi.useFakeTimers();
    const pictures = new Pictures(1, () => undefined);
    pictures.reset(items, 64, "");
    wire.down = true;
    pictures.want([[30 * CHUNK, 31 * CHUNK]]);
    await vi.advanceTimersByTimeAsync(10);
    wire.down = false;
    pictures.reset(items.slice(0, CHUNK), 64, "");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(wire.asked).toHaveLength(1);
  });
});
