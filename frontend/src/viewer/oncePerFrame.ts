/** Calls `task` once before the next frame, however often it was asked for. */
export function oncePerFrame(task: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      task();
    });
  };
}
