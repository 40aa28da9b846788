import type { Bindings } from "../keys/keymap";
import {
  ANSWER_KEYS,
  MOVE_KEYS,
  type SharedCommand,
  THRESHOLD_KEYS,
  WORK_KEYS,
} from "../keys/sharedKeys";

export type GalleryCommand =
  | SharedCommand
  | "apply"
  | "restNo"
  | "leaveOut"
  | "nextScreen"
  | "previousScreen"
  | "selectAll"
  | "invert"
  | "peek"
  | "alike"
  | "accept"
  | "smaller"
  | "larger"
  | "escape"
  | "help";

/** Every key of the gallery, in the order in which people need them. */
export const GALLERY_KEYS: Bindings<GalleryCommand> = {
  ...ANSWER_KEYS,
  restNo: { does: "The rest of this screen is no", keys: ["R"] },
  leaveOut: { does: "Leave out, or ask about it again", keys: ["D"] },
  ...MOVE_KEYS,
  selectAll: { does: "Select this screen", keys: ["Ctrl+A"] },
  invert: { does: "Invert the selection on this screen", keys: ["Ctrl+I"] },
  apply: { does: "Give the chosen answer to the selection", keys: ["Enter"] },
  nextScreen: { does: "Next screen", keys: ["PageDown"] },
  previousScreen: { does: "Previous screen", keys: ["PageUp"] },
  ...WORK_KEYS,
  peek: { does: "See the patch in its image", keys: ["Space"] },
  alike: { does: "Show patches that look like this one", keys: ["G"] },
  ...THRESHOLD_KEYS,
  accept: { does: "Accept all suggestions of this screen", keys: ["A"] },
  smaller: { does: "Smaller patches", keys: ["-"] },
  larger: { does: "Larger patches", keys: ["+", "="] },
  escape: { does: "Drop the selection; then Tab leaves the patches", keys: ["Escape"] },
  help: { does: "Keys and help", keys: ["?"] },
};
