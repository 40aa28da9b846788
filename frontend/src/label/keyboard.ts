import { type Command, command } from "./keys";

export interface KeyboardOptions {
  canvas: HTMLElement;
  /** While it is open, keys are its own. */
  dialog: HTMLDialogElement;
  run: (asked: Command) => void;
}

const OF_CONTROLS = ["Tab", "Enter", " "];

/** Whether the key belongs to what has the focus: a text field, a slider, a button that Enter presses. */
function taken(event: KeyboardEvent, target: Element): boolean {
  if (target.closest("input, select, textarea, [role=menu]")) return true;
  return OF_CONTROLS.includes(event.key) && target.closest("button, a, summary") !== null;
}

/**
 * Keys of the label screen. Tab changes the structure only while the image has the focus, and after Escape it leaves the
 * image as everywhere else: nobody is caught in the canvas.
 */
export function listenToKeys({ canvas, dialog, run }: KeyboardOptions): void {
  let tabLeaves = false;
  window.addEventListener("keydown", (event) => {
    const target = event.target as Element;
    const asked = command(event);
    if (!asked || dialog.open || taken(event, target)) return;
    if (event.key === "Tab" && (tabLeaves || target !== canvas)) return;
    tabLeaves = asked.do === "escape";
    event.preventDefault();
    run(asked);
  });
}
