/** Asks again and again until `task` answers true, the signal aborts, or it throws; never two at once. */
export async function poll(
  task: () => Promise<boolean>,
  options: { seconds: number; signal: AbortSignal },
): Promise<void> {
  while (!options.signal.aborted) {
    if (await task()) return;
    await pause(options.seconds * 1000, options.signal);
  }
}

export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
