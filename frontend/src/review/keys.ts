import type { Bindings } from "../keys/keymap";

/** Answers, undo and help have the keys that they have where people label. */
export type ReviewCommand =
  | "yes"
  | "no"
  | "unsure"
  | "review:next"
  | "review:previous"
  | "undo"
  | "review:remark"
  | "help";

export const REVIEW_KEYS: Bindings<ReviewCommand> = {
  yes: { does: "Decide: yes", keys: ["1", "Y"] },
  no: { does: "Decide: no", keys: ["2", "N"] },
  unsure: { does: "Decide: unsure, leave the patch out", keys: ["3", "U"] },
  "review:next": { does: "Next patch", keys: ["ArrowRight", "ArrowDown"] },
  "review:previous": { does: "Previous patch", keys: ["ArrowLeft", "ArrowUp"] },
  undo: { does: "Take the last decision back", keys: ["Ctrl+Z"] },
  "review:remark": { does: "Write a remark", keys: ["R"] },
  help: { does: "Keys and help", keys: ["?"] },
};
