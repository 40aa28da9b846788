import { type Bindings, Keymap, spoken } from "../answers/keymap";

export type ReviewCommand =
  | "yes"
  | "no"
  | "unsure"
  | "next"
  | "previous"
  | "undo"
  | "remark"
  | "help";

export const BINDINGS: Bindings<ReviewCommand> = {
  yes: { does: "Decide: yes", keys: ["1", "Y"] },
  no: { does: "Decide: no", keys: ["2", "N"] },
  unsure: { does: "Decide: unsure, leave the patch out", keys: ["3"] },
  next: { does: "Next patch", keys: ["ArrowRight", "ArrowDown"] },
  previous: { does: "Previous patch", keys: ["ArrowLeft", "ArrowUp"] },
  undo: { does: "Take the last decision back", keys: ["U", "Ctrl+Z"] },
  remark: { does: "Write a remark", keys: ["R"] },
  help: { does: "These keys", keys: ["?"] },
};

/** The keys as a dialog lists them. */
export function keyTexts(): [keys: string, does: string][] {
  const keymap = new Keymap(BINDINGS);
  return keymap.commands.map((command) => [
    keymap.keys(command).map(spoken).join(", "),
    BINDINGS[command].does,
  ]);
}
