import { ApiError, messageOf } from "../api/client";
import { pause } from "../api/poll";
import {
  type Arriving,
  discardUpload,
  dismissRefused,
  getArriving,
  retryUpload,
  type ServerUpload,
  type UploadState,
} from "./api";
import { sending } from "./send";

export interface IncomingOptions {
  dataset: number;
  changed: () => void;
  /** Some file was read: there may be new images. */
  read: () => void;
  failed: (reason: string) => void;
}

const SECONDS = 1.5;
const NONE: Arriving = { counts: { refused: 0, receiving: 0, received: 0 }, uploads: [] };

/** What the server has of my files: being read, refused, or left half-way by an earlier page. */
export class Incoming {
  readonly #options: IncomingOptions;
  #arriving = NONE;
  #watching = false;
  #again = false;

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  /** Of all of them, whereas the lists below hold the first few hundred. */
  get counts(): Record<UploadState, number> {
    return this.#arriving.counts;
  }

  get reading(): ServerUpload[] {
    return this.#in("received");
  }

  get refused(): ServerUpload[] {
    return this.#in("refused");
  }

  get halfway(): ServerUpload[] {
    return this.#in("receiving").filter(({ address }) => !sending.has(address));
  }

  /** Looks again, and goes on until every file that is here was read. */
  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#watching) return;
    this.#watching = true;
    try {
      while (this.#again || this.counts.received > 0) {
        const asked = this.#again;
        this.#again = false;
        const missed = await this.#missed(asked);
        await pause(SECONDS * 1000);
        this.#again ||= missed;
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

  async dismissAll(): Promise<void> {
    if (this.counts.refused > 0) await this.#do(() => dismissRefused(this.#options.dataset));
  }

  #in(state: UploadState): ServerUpload[] {
    return this.#arriving.uploads.filter((upload) => upload.state === state);
  }

  async #do(task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
      await this.#look(true);
    } catch (error) {
      this.#options.failed(messageOf(error));
    }
    void this.refresh();
  }

  /** Looks; true where the server could not be asked, which passes. */
  async #missed(asked: boolean): Promise<boolean> {
    try {
      await this.#look(asked);
      return false;
    } catch (error) {
      if (error instanceof ApiError && error.passing) return true;
      throw error;
    }
  }

  /** `asked`: something was sent, and may have been read before this look. */
  async #look(asked: boolean): Promise<void> {
    const before = this.counts.received;
    this.#arriving = await getArriving(this.#options.dataset);
    this.#options.changed();
    if (asked || before > 0 || this.counts.received > 0) this.#options.read();
  }
}
