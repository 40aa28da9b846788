export type ItemState = "waiting" | "sending" | "done" | "known" | "failed" | "cancelled";

export interface Item<F> {
  id: number;
  file: F;
  state: ItemState;
  /** 0..1 of the bytes */
  progress: number;
  reason: string;
}

/** How a file ended: stored, already there, or refused with a reason. */
export type Outcome = { state: "done" | "known" | "failed"; reason?: string };

export interface QueueOptions<F> {
  send: (file: F, progress: (share: number) => void, signal: AbortSignal) => Promise<Outcome>;
  changed: () => void;
  parallel?: number;
}

/** Sends files a few at a time; one that fails says why and stands in nobody's way. */
export class UploadQueue<F> {
  readonly items: Item<F>[] = [];
  readonly #options: Required<QueueOptions<F>>;
  readonly #aborts = new Map<number, AbortController>();
  #next = 1;

  constructor(options: QueueOptions<F>) {
    this.#options = { parallel: 3, ...options };
  }

  get busy(): boolean {
    return this.items.some(({ state }) => state === "waiting" || state === "sending");
  }

  count(...states: ItemState[]): number {
    return this.items.filter(({ state }) => states.includes(state)).length;
  }

  add(files: readonly F[]): void {
    for (const file of files) {
      this.items.push({ id: this.#next, file, state: "waiting", progress: 0, reason: "" });
      this.#next += 1;
    }
    this.#pump();
  }

  retry(id: number): void {
    const item = this.#item(id);
    if (!item || item.state === "sending") return;
    Object.assign(item, { state: "waiting", progress: 0, reason: "" });
    this.#pump();
  }

  cancel(id: number): void {
    const item = this.#item(id);
    if (!item) return;
    this.#aborts.get(id)?.abort();
    item.state = "cancelled";
    this.#pump();
  }

  remove(id: number): void {
    const index = this.items.findIndex((item) => item.id === id);
    if (index >= 0 && this.items[index]?.state !== "sending") this.items.splice(index, 1);
    this.#options.changed();
  }

  #item(id: number): Item<F> | undefined {
    return this.items.find((item) => item.id === id);
  }

  #pump(): void {
    const free = this.#options.parallel - this.count("sending");
    const waiting = this.items.filter(({ state }) => state === "waiting");
    for (const item of waiting.slice(0, Math.max(0, free))) void this.#send(item);
    this.#options.changed();
  }

  async #send(item: Item<F>): Promise<void> {
    const abort = new AbortController();
    this.#aborts.set(item.id, abort);
    item.state = "sending";
    const outcome = await this.#outcome(item, abort.signal);
    this.#aborts.delete(item.id);
    if (!abort.signal.aborted) {
      item.state = outcome.state;
      item.reason = outcome.reason ?? "";
    }
    this.#pump();
  }

  async #outcome(item: Item<F>, signal: AbortSignal): Promise<Outcome> {
    const progress = (share: number): void => {
      item.progress = share;
      this.#options.changed();
    };
    try {
      return await this.#options.send(item.file, progress, signal);
    } catch (error) {
      return { state: "failed", reason: error instanceof Error ? error.message : String(error) };
    }
  }
}
