import { ApiError, isAbort, messageOf } from "./client";
import { pause } from "./poll";

const RETRY_SECONDS = [1, 2, 5, 10, 30];

/** How long to wait after so many failures in a row. */
export function patience(failures: number): number {
  return RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length) - 1] ?? 30;
}

/** Asks until there is an answer; what asking again cannot help is thrown. `failed`: told of the first failure. */
export async function untilAnswered<T>(
  ask: () => Promise<T>,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask();
    } catch (error) {
      if (isAbort(error) || !(error instanceof ApiError && error.passing)) throw error;
      if (failures === 1) failed(error);
    }
    await untilBack(patience(failures) * 1000, signal);
    signal.throwIfAborted();
  }
}

/** So long, or until the connection is back. */
export async function untilBack(milliseconds: number, signal: AbortSignal): Promise<void> {
  const back = new AbortController();
  const now = (): void => back.abort();
  window.addEventListener("online", now);
  await pause(milliseconds, AbortSignal.any([signal, back.signal]));
  window.removeEventListener("online", now);
}

/** What the work does not wait for: each comes when it can. */
export function bringAll(
  asks: readonly (() => Promise<void>)[],
  say: (text: string) => void,
): void {
  const forever = new AbortController().signal;
  const told = (error: unknown): void => say(messageOf(error));
  for (const ask of asks) void untilAnswered(ask, forever, told).catch(told);
}
