import { atlasUrl } from "../answers/patchPictures";
import { requestPicture } from "../api/client";
import { patience, untilBack } from "../api/patience";
import type { Item } from "./types";

/** Patches of one request. A web server takes addresses of 4 kB, and several requests run side by side. */
export const CHUNK = 50;
const COLUMNS = 10;
const AT_ONCE = 4;
const SIZES = [32, 48, 64, 96, 128, 192, 256];
/** Of the pictures as they are drawn, 4 bytes a pixel. */
const MOST_BYTES = 160e6;

/** Where the picture of a patch is: column and row on a sheet, counted in patches. */
export interface Part {
  url: string;
  column: number;
  row: number;
}

interface Sheet {
  url: string;
  /** Keeps what the browser has decoded for as long as it may be shown. */
  picture: HTMLImageElement;
  /** How many patches are on it: the list may have been shorter then. */
  count: number;
}

/** Brings the pictures of patches, those in sight first, and forgets those that were not seen for long. */
export class Pictures {
  readonly #dataset: number;
  readonly #arrived: (first: number, end: number) => void;
  readonly #kept = new Map<number, Sheet>();
  readonly #running = new Map<number, AbortController>();
  readonly #failed = new Map<number, number>();
  /** They failed, and are left alone for a moment. */
  readonly #resting = new Set<number>();
  #asked = new Set<number>();
  #wanted: number[] = [];
  /** Ends when there are other patches. */
  #patches = new AbortController();
  #items: readonly Item[] = [];
  #look = "";
  #size = 64;

  constructor(dataset: number, arrived: (first: number, end: number) => void) {
    this.#dataset = dataset;
    this.#arrived = arrived;
  }

  /** Everything anew: other patches, another size, or they look different. */
  reset(items: readonly Item[], pixels: number, look: string): void {
    const size = SIZES.find((one) => one >= pixels * 0.9) ?? 256;
    if (items === this.#items && size === this.#size && look === this.#look) return;
    this.#items = items;
    this.#size = size;
    this.#look = look;
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
    this.#patches.abort();
    this.#patches = new AbortController();
    this.#failed.clear();
    this.#resting.clear();
    for (const sheet of this.#kept.values()) drop(sheet);
    this.#kept.clear();
  }

  /** The list ends here for now; what came after it may be other patches. */
  cut(end: number): void {
    for (const [chunk, sheet] of this.#kept) {
      if (chunk * CHUNK >= end) {
        drop(sheet);
        this.#kept.delete(chunk);
      } else {
        sheet.count = Math.min(sheet.count, end - chunk * CHUNK);
      }
    }
    for (const [chunk, running] of this.#running) {
      if ((chunk + 1) * CHUNK <= end) continue;
      running.abort();
      this.#running.delete(chunk);
    }
  }

  part(index: number): Part | null {
    const sheet = this.#kept.get(Math.floor(index / CHUNK));
    const within = index % CHUNK;
    if (!sheet || within >= sheet.count) return null;
    return {
      url: sheet.url,
      column: within % COLUMNS,
      row: Math.floor(within / COLUMNS),
    };
  }

  /** Whether all pictures of these patches are here. */
  has(first: number, end: number): boolean {
    return this.#chunks(first, end).every((chunk) => this.#whole(chunk));
  }

  /** Asks for patches, the most urgent range first; what nobody wants any more is given up. */
  want(ranges: readonly [first: number, end: number][]): void {
    const chunks = new Set(ranges.flatMap(([first, end]) => this.#chunks(first, end)));
    for (const [chunk, running] of this.#running) {
      if (chunks.has(chunk)) continue;
      running.abort();
      this.#running.delete(chunk);
    }
    this.#asked = chunks;
    this.#wanted = [...chunks].filter((chunk) => !this.#whole(chunk) && !this.#resting.has(chunk));
    // Seen now, so forgotten last.
    for (const chunk of [...chunks].reverse()) this.#touch(chunk);
    this.#start();
  }

  #touch(chunk: number): void {
    const sheet = this.#kept.get(chunk);
    if (!sheet) return;
    this.#kept.delete(chunk);
    this.#kept.set(chunk, sheet);
  }

  #whole(chunk: number): boolean {
    const count = this.#kept.get(chunk)?.count ?? 0;
    return count > 0 && count >= Math.min(CHUNK, this.#items.length - chunk * CHUNK);
  }

  #chunks(first: number, end: number): number[] {
    const last = Math.min(end, this.#items.length);
    const chunks: number[] = [];
    for (let chunk = Math.floor(Math.max(0, first) / CHUNK); chunk * CHUNK < last; chunk += 1) {
      chunks.push(chunk);
    }
    return chunks;
  }

  #start(): void {
    for (const chunk of this.#wanted) {
      if (this.#running.size >= AT_ONCE) return;
      if (!this.#running.has(chunk) && !this.#whole(chunk)) void this.#bring(chunk);
    }
  }

  async #bring(chunk: number): Promise<void> {
    const abort = new AbortController();
    this.#running.set(chunk, abort);
    const items = this.#items.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
    try {
      const url = atlasUrl(this.#dataset, items, this.#size, this.#look);
      const sheet = await decoded(await requestPicture(url, abort.signal), items.length);
      if (abort.signal.aborted) return drop(sheet);
      const before = this.#kept.get(chunk);
      this.#kept.set(chunk, sheet);
      if (before) drop(before);
      // The list may have grown while it was under way: then the sheet is asked for once more.
      this.#wanted = this.#wanted.filter((one) => !this.#whole(one));
      this.#forget();
      this.#arrived(chunk * CHUNK, chunk * CHUNK + items.length);
    } catch (error) {
      if (!abort.signal.aborted) void this.#again(chunk, error);
    } finally {
      if (this.#running.get(chunk) === abort) this.#running.delete(chunk);
      this.#start();
    }
  }

  /** A moment later once more, and a longer moment after each failure. */
  async #again(chunk: number, error: unknown): Promise<void> {
    const failures = (this.#failed.get(chunk) ?? 0) + 1;
    this.#failed.set(chunk, failures);
    this.#wanted = this.#wanted.filter((one) => one !== chunk);
    this.#resting.add(chunk);
    if (failures === 1) console.error(error);
    const { signal } = this.#patches;
    await untilBack(patience(failures) * 1000, signal);
    if (signal.aborted) return;
    this.#resting.delete(chunk);
    if (this.#asked.has(chunk) && !this.#whole(chunk)) this.#wanted.push(chunk);
    this.#start();
  }

  #forget(): void {
    const bytes = CHUNK * this.#size ** 2 * 4;
    const most = Math.max(24, Math.floor(MOST_BYTES / bytes));
    for (const [chunk, sheet] of this.#kept) {
      if (this.#kept.size <= most) return;
      drop(sheet);
      this.#kept.delete(chunk);
    }
  }
}

/** Ready to be painted without a wait. */
async function decoded(blob: Blob, count: number): Promise<Sheet> {
  const sheet = { url: URL.createObjectURL(blob), picture: new Image(), count };
  sheet.picture.src = sheet.url;
  try {
    await sheet.picture.decode();
    return sheet;
  } catch (error) {
    drop(sheet);
    throw error;
  }
}

function drop({ url }: Sheet): void {
  URL.revokeObjectURL(url);
}
