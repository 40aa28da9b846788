import type { Run, RunState } from "../api/types";
import { percent } from "./format";

export const STATE_WORDS: Record<RunState, string> = {
  queued: "Waiting for a worker",
  running: "Running",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const STATE_ICONS: Record<RunState, string> = {
  queued: "hourglass",
  running: "arrow-repeat",
  done: "check-circle",
  failed: "exclamation-triangle",
  cancelled: "slash-circle",
};

/** One line on where a run is: its own message while it works, else its state. */
export function runLine(run: Run): string {
  if (run.state === "failed") return run.error || STATE_WORDS.failed;
  if (run.state !== "running") return STATE_WORDS[run.state];
  return [run.message || STATE_WORDS.running, percent(run.progress)].join(" · ");
}
