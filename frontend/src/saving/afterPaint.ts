// A page in the background paints nothing: what waits for a frame then runs all the same.
const NO_FRAME_MS = 200;
const DRAWN_MS = 20;

/** Runs something once what this event changed is on the screen, so that it does not hold up the paint. */
export function afterPaint(run: () => void): void {
  let waiting = true;
  const once = (): void => {
    if (!waiting) return;
    waiting = false;
    clearTimeout(timer);
    run();
  };
  const timer = setTimeout(once, NO_FRAME_MS);
  // After its callbacks a frame is painted and drawn, by others: they are not disturbed meanwhile.
  requestAnimationFrame(() => setTimeout(once, DRAWN_MS));
}
