import type { ChannelDisplay } from "../../api/types";
import { Turns } from "../../ui/turns";
import { type ChannelView, keeping, restored } from "../channels";
import { choose, lastChosen, lastKept, tellLast } from "../lastDisplay";

const SAVE_AFTER_MS = 700;

/** Keeps how somebody looks at a data set: read once, saved a moment after the last change or when the page goes. */
export class DisplayKeeper {
  readonly #dataset: number;
  readonly #failed: (error: unknown) => void;
  #kept: ChannelDisplay[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What was changed last is what stays, whichever request is the faster. */
  readonly #turns = new Turns();

  constructor(dataset: number, failed: (error: unknown) => void) {
    this.#dataset = dataset;
    this.#failed = failed;
    // A page that goes has no second moment, so no turns.
    window.addEventListener("pagehide", () => void tellLast(dataset, true).catch(failed));
  }

  /** Without an answer the image is shown with its defaults rather than not at all. */
  async read(): Promise<void> {
    const last = lastChosen(this.#dataset);
    if (last) {
      this.#kept = last;
      return void this.#save();
    }
    try {
      this.#kept = await lastKept(this.#dataset);
    } catch (error) {
      this.#failed(error);
    }
  }

  restore(defaults: ChannelView[]): ChannelView[] {
    return restored(defaults, this.#kept);
  }

  changed(channels: ChannelView[]): void {
    this.#kept = keeping(channels, this.#kept);
    choose(this.#dataset, this.#kept);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), SAVE_AFTER_MS);
  }

  async forget(): Promise<void> {
    clearTimeout(this.#timer);
    this.#kept = [];
    choose(this.#dataset, []);
    await this.#save();
  }

  async #save(): Promise<void> {
    await this.#turns.take(() => tellLast(this.#dataset)).catch(this.#failed);
  }
}
