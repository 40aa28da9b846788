const OF_CONTROLS = ["Tab", "Enter", " "];

/** Whether the key belongs to what has the focus: a text field, a slider, a button or a box that Enter and Space press. */
export function taken(event: KeyboardEvent): boolean {
  const target = event.target as Element;
  if (target.closest("input:not([type=checkbox]), select, textarea, [role=menu]")) return true;
  return OF_CONTROLS.includes(event.key) && target.closest("button, a, summary, input") !== null;
}

/** Runs what a key asks for, unless a dialog is open, the browser has a shortcut, or a control wants it. */
export function listenToViewKeys(
  dialog: HTMLDialogElement | null,
  find: (event: KeyboardEvent) => (() => unknown) | null,
): void {
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const run = dialog?.open || taken(event) ? null : find(event);
    if (!run) return;
    event.preventDefault();
    run();
  });
}
