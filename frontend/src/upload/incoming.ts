import { messageOf } from "../api/client";
import { pause } from "../ui/poll";
import { discardUpload, getUploads, retryUpload, type ServerUpload } from "./api";
import { sending } from "./send";

export interface IncomingOptions {
  dataset: number;
  changed: () => void;
  /** Some file was read: there may be new images. */
  read: () => void;
  failed: (reason: string) => void;
}

/** What the server has of my files: being read, refused, or left half-way by an earlier page. */
export class Incoming {
  readonly #options: IncomingOptions;
  #uploads: ServerUpload[] = [];
  #watching = false;
  #again = false;

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  get reading(): ServerUpload[] {
    return this.#uploads.filter(({ state }) => state === "received");
  }

  get refused(): ServerUpload[] {
    return this.#uploads.filter(({ state }) => state === "refused");
  }

  get halfway(): ServerUpload[] {
    return this.#uploads.filter(
      ({ state, address }) => state === "receiving" && !sending.has(address),
    );
  }

  /** Looks again, and goes on until every file that is here was read. */
  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#watching) return;
    this.#watching = true;
    try {
      while (this.#again || this.reading.length > 0) {
        this.#again = false;
        await this.#look();
        // A long list is asked for less often.
        if (this.reading.length > 0) await pause(1000 + this.#uploads.length);
      }
    } catch (error) {
      this.#options.failed(`Your uploads could not be listed: ${messageOf(error)}`);
    } finally {
      this.#watching = false;
    }
  }

  async discard(upload: ServerUpload): Promise<void> {
    await this.#do(() => discardUpload(upload));
  }

  async retry(upload: ServerUpload): Promise<void> {
    await this.#do(() => retryUpload(upload));
  }

  async #do(task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
      await this.#look();
    } catch (error) {
      this.#options.failed(messageOf(error));
    }
    void this.refresh();
  }

  async #look(): Promise<void> {
    const before = new Set(this.reading.map(({ key }) => key));
    this.#uploads = await getUploads(this.#options.dataset);
    const now = new Set(this.reading.map(({ key }) => key));
    this.#options.changed();
    if (now.size > 0 || [...before].some((key) => !now.has(key))) this.#options.read();
  }
}
