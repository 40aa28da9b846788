import type { Keymap } from "../keys/keymap";
import { taken } from "../viewer/listenToKeys";
import type { LabelCommand } from "./commands";

export interface KeyboardOptions {
  canvas: HTMLElement;
  keymap: Keymap<LabelCommand>;
  /** While a dialog is open, keys are its own. */
  blocked: () => boolean;
  run: (command: LabelCommand) => void;
}

const OF_THE_IMAGE: readonly LabelCommand[] = ["nextStructure", "previousStructure"];

/**
 * Keys of the label screen. Tab changes the structure only while the image has the focus, and after Escape it leaves the
 * image as everywhere else: nobody is caught in the canvas. Space asks for something when it is let go, because held down
 * it moves the image with the mouse.
 */
export function labelKeys({ canvas, keymap, blocked, run }: KeyboardOptions): void {
  let tabLeaves = false;
  let atRelease: LabelCommand | null = null;
  window.addEventListener("keydown", (event) => {
    const asked = keymap.command(event);
    if (!asked || blocked() || taken(event)) return;
    if (OF_THE_IMAGE.includes(asked) && (tabLeaves || event.target !== canvas)) return;
    tabLeaves = asked === "escape";
    event.preventDefault();
    if (event.key === " ") atRelease = asked;
    else run(asked);
  });
  window.addEventListener("keyup", (event) => {
    if (event.key !== " " || atRelease === null) return;
    run(atRelease);
    atRelease = null;
  });
  canvas.addEventListener("pointerdown", () => {
    atRelease = null;
  });
}
