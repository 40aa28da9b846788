import { deleteDisplay, getDisplay, putDisplay } from "../../api/endpoints";
import type { ChannelDisplay } from "../../api/types";
import { Turns } from "../../ui/turns";
import { type ChannelView, keeping, restored } from "../channels";

const SAVE_AFTER_MS = 700;

/** Keeps how somebody looks at a data set: read once, saved a moment after the last change or when the page goes. */
export class DisplayKeeper {
  readonly #dataset: number;
  readonly #failed: (error: unknown) => void;
  #kept: ChannelDisplay[] = [];
  #unsaved: ChannelDisplay[] | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What was changed last is what stays, whichever request is the faster. */
  readonly #turns = new Turns();

  constructor(dataset: number, failed: (error: unknown) => void) {
    this.#dataset = dataset;
    this.#failed = failed;
    window.addEventListener("pagehide", () => void this.#save(true));
  }

  /** Without an answer the image is shown with its defaults rather than not at all. */
  async read(): Promise<void> {
    try {
      this.#kept = (await getDisplay(this.#dataset)).channels;
    } catch (error) {
      this.#failed(error);
    }
  }

  restore(defaults: ChannelView[]): ChannelView[] {
    return restored(defaults, this.#kept);
  }

  changed(channels: ChannelView[]): void {
    this.#unsaved = keeping(channels, this.#kept);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(false), SAVE_AFTER_MS);
  }

  async forget(): Promise<void> {
    clearTimeout(this.#timer);
    this.#unsaved = null;
    this.#kept = [];
    await this.#turns.take(() => deleteDisplay(this.#dataset)).catch(this.#failed);
  }

  async #save(leaving: boolean): Promise<void> {
    const channels = this.#unsaved;
    if (!channels) return;
    this.#unsaved = null;
    this.#kept = channels;
    const put = () => putDisplay(this.#dataset, channels, leaving);
    // A page that goes has no second moment.
    await (leaving ? put() : this.#turns.take(put)).catch(this.#failed);
  }
}
