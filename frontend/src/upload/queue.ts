export type ItemState =
  | "waiting"
  | "sending"
  | "paused"
  | "offline"
  | "done"
  | "here"
  | "failed"
  | "cancelled";

export interface Item<F> {
  id: number;
  file: F;
  state: ItemState;
  /** 0..1 of the bytes */
  progress: number;
  reason: string;
}

/** How sending ended: all is there, refused with a reason, or the line is down for now. */
export type Outcome = { state: "done" | "failed" | "offline"; reason?: string };

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
    return this.count("waiting", "sending", "offline") > 0;
  }

  count(...states: ItemState[]): number {
    return this.items.reduce((sum, { state }) => sum + (states.includes(state) ? 1 : 0), 0);
  }

  /** Files to be sent; or ones that need not or cannot be, with the reason. */
  add(files: readonly F[], state: "waiting" | "here" | "failed" = "waiting", reason = ""): void {
    for (const file of files) {
      this.items.push({ id: this.#next, file, state, progress: 0, reason });
      this.#next += 1;
    }
    this.#pump();
  }

  /** Sends a file again, or goes on with it where it stopped. */
  retry(id: number): void {
    const item = this.#item(id);
    if (!item || item.state === "sending") return;
    Object.assign(item, { state: "waiting", reason: "" });
    this.#pump();
  }

  pause(id: number): void {
    this.#stop(id, "paused");
  }

  cancel(id: number): void {
    this.#stop(id, "cancelled");
  }

  pauseAll(): void {
    for (const item of this.items) {
      const open = ["waiting", "sending", "offline"].includes(item.state);
      if (open) this.#halt(item, "paused");
    }
    this.#pump();
  }

  /** Sends all again that were refused. */
  retryAll(): void {
    this.#again("failed");
  }

  resumeAll(): void {
    this.#again("paused");
  }

  /** To be called when the line is up again. */
  online(): void {
    this.#again("offline");
  }

  remove(id: number): void {
    const index = this.items.findIndex((item) => item.id === id);
    if (index >= 0 && this.items[index]?.state !== "sending") this.items.splice(index, 1);
    this.#options.changed();
  }

  /** Takes all off the list that were refused. */
  dismissAll(): void {
    const kept = this.items.filter(({ state }) => state !== "failed");
    this.items.splice(0, this.items.length, ...kept);
    this.#options.changed();
  }

  #again(from: ItemState): void {
    for (const item of this.items) {
      if (item.state === from) Object.assign(item, { state: "waiting", reason: "" });
    }
    this.#pump();
  }

  #stop(id: number, state: "paused" | "cancelled"): void {
    const item = this.#item(id);
    if (!item || item.state === "done") return;
    this.#halt(item, state);
    this.#pump();
  }

  #halt(item: Item<F>, state: "paused" | "cancelled"): void {
    item.state = state;
    this.#aborts.get(item.id)?.abort(state);
  }

  #item(id: number): Item<F> | undefined {
    return this.items.find((item) => item.id === id);
  }

  #pump(): void {
    let free = this.#options.parallel - this.#aborts.size;
    for (const item of this.items) {
      if (free <= 0) break;
      // One that was paused a moment ago may still be letting go of its connection.
      if (item.state !== "waiting" || this.#aborts.has(item.id)) continue;
      free -= 1;
      void this.#send(item);
    }
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
