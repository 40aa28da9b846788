import type { Keymap } from "../keys/keymap";
import type { GalleryCommand } from "./commands";

const OF_CONTROLS = ["Enter", " "];
const OF_THE_GRID: readonly GalleryCommand[] = ["nextStructure", "previousStructure"];

/** Whether the key belongs to what has the focus: a field, a list of choices, a button that Enter presses. */
function taken(event: KeyboardEvent, target: Element): boolean {
  if (target.closest("input:not([type=checkbox]), select, textarea")) return true;
  return OF_CONTROLS.includes(event.key) && target.closest("button, a, summary, input") !== null;
}

/** Tab changes the structure only while the patches have the focus, and after Escape it leaves them: nobody is caught. */
export function galleryKeys(
  grid: HTMLElement,
  keymap: Keymap<GalleryCommand>,
  blocked: () => boolean,
  run: (command: GalleryCommand) => void,
): void {
  let tabLeaves = false;
  window.addEventListener("keydown", (event) => {
    const target = event.target as Element;
    const command = keymap.command(event);
    if (!command || blocked() || taken(event, target) || target.closest("dialog")) return;
    if (OF_THE_GRID.includes(command) && (tabLeaves || target !== grid)) return;
    tabLeaves = command === "escape";
    event.preventDefault();
    run(command);
  });
}
