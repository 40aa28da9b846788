import { isAbort } from "./client";
import { getRun } from "./endpoints";
import { pause } from "./poll";
import type { Run } from "./types";

const ENDED: readonly Run["state"][] = ["done", "failed", "cancelled"];

export function ended(run: Run): boolean {
  return ENDED.includes(run.state);
}

/** Watches a run until it ends; a moment without connection does not end the watching. */
export async function follow(
  run: Run,
  seen: (run: Run) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Run> {
  let now = run;
  seen(now);
  while (!ended(now) && !signal.aborted) {
    await pause(1000, signal);
    now = await again(now);
    seen(now);
  }
  return now;
}

async function again(run: Run): Promise<Run> {
  try {
    return await getRun(run.id);
  } catch (error) {
    if (isAbort(error)) throw error;
    const status = error instanceof Error && "passing" in error ? error.passing : false;
    if (status) return run;
    throw error;
  }
}

/** As `follow`, but anything else than success is an error with the run's own sentence. */
export async function success(run: Run, seen: (run: Run) => void): Promise<Run> {
  const last = await follow(run, seen);
  if (last.state === "failed") throw new Error(last.error || "The run failed.");
  if (last.state === "cancelled") throw new Error("The run was cancelled.");
  return last;
}
