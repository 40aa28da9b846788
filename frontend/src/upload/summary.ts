import { bytes, duration, integer } from "../ui/format";
import type { Source } from "./files";
import type { Incoming } from "./incoming";
import type { ItemState, UploadQueue } from "./queue";

/** What a file costs besides its bytes: two requests. */
const PER_FILE = 50_000;
/** Before this, an estimate would jump. */
const SURE_SECONDS = 8;
const SURE_SHARE = 0.02;

export interface Tally {
  states: Record<ItemState, number>;
  files: number;
  sentBytes: number;
  allBytes: number;
  /** 0..1 of the work */
  share: number;
}

/** Counts all files of a queue in one go. */
export function tally(queue: UploadQueue<Source>): Tally {
  const states: Tally["states"] = {
    waiting: 0,
    sending: 0,
    paused: 0,
    offline: 0,
    done: 0,
    here: 0,
    failed: 0,
    cancelled: 0,
  };
  const sum = { files: 0, sentBytes: 0, allBytes: 0 };
  let [done, all] = [0, 0];
  for (const { state, progress, file } of queue.items) {
    states[state] += 1;
    if (state === "here" || state === "failed" || state === "cancelled") continue;
    const share = state === "done" ? 1 : progress;
    sum.files += 1;
    sum.sentBytes += file.size * share;
    sum.allBytes += file.size;
    done += (file.size + PER_FILE) * (state === "done" ? 1 : share * 0.9);
    all += file.size + PER_FILE;
  }
  return { states, ...sum, share: all === 0 ? 1 : done / all };
}

/** Guesses how long it still takes, from the time in which something was sent. */
export class Estimate {
  #seconds = 0;
  #last: number | null = null;
  #begun = 0;

  /** Seconds still to go, or null while nobody can say. */
  left({ states, share }: Tally, now: number): number | null {
    if (states.sending === 0) {
      this.#last = null;
      if (states.waiting + states.paused + states.offline === 0) this.#reset(share);
      return null;
    }
    if (this.#last !== null) this.#seconds += (now - this.#last) / 1000;
    this.#last = now;
    const made = share - this.#begun;
    if (this.#seconds < SURE_SECONDS || made < SURE_SHARE) return null;
    return (this.#seconds * (1 - share)) / made;
  }

  #reset(share: number): void {
    this.#seconds = 0;
    this.#begun = share >= 1 ? 0 : share;
  }
}

export function summary(count: Tally, incoming: Incoming, left: number | null): string {
  const { states, files } = count;
  const busy = states.sending + states.waiting + states.paused + states.offline > 0;
  const size = busy && files > 1 ? ` (${bytes(count.sentBytes)} of ${bytes(count.allBytes)})` : "";
  const failed = states.failed + incoming.counts.refused;
  const parts = [
    files > 0 ? `${integer(states.done)} of ${integer(files)} sent${size}` : "",
    states.here > 0 ? `${integer(states.here)} here already` : "",
    states.paused > 0 ? `${integer(states.paused)} paused` : "",
    states.offline > 0 ? "no connection" : "",
    incoming.counts.received > 0 ? `${integer(incoming.counts.received)} being read` : "",
    failed > 0 ? `${integer(failed)} refused` : "",
    left === null ? "" : `about ${roughly(left)} to go`,
  ];
  return parts.filter(Boolean).join(", ");
}

function roughly(seconds: number): string {
  if (seconds < 55) return `${Math.max(5, Math.round(seconds / 5) * 5)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return duration(Math.round(seconds / 60) * 60);
}
