import { taken } from "../viewer/listenToKeys";
import { type Command, command } from "./keys";

export interface KeyboardOptions {
  canvas: HTMLElement;
  /** While it is open, keys are its own. */
  dialog: HTMLDialogElement;
  run: (asked: Command) => void;
}

/**
 * Keys of the label screen. Tab changes the structure only while the image has the focus, and after Escape it leaves the
 * image as everywhere else: nobody is caught in the canvas.
 */
export function listenToKeys({ canvas, dialog, run }: KeyboardOptions): void {
  let tabLeaves = false;
  window.addEventListener("keydown", (event) => {
    const asked = command(event);
    if (!asked || dialog.open || taken(event)) return;
    if (event.key === "Tab" && (tabLeaves || event.target !== canvas)) return;
    tabLeaves = asked.do === "escape";
    event.preventDefault();
    run(asked);
  });
}
