import type { Bindings } from "../answers/keymap";

export type GalleryCommand =
  | "yes"
  | "no"
  | "unsure"
  | "clear"
  | "apply"
  | "restNo"
  | "leaveOut"
  | "left"
  | "right"
  | "up"
  | "down"
  | "selectLeft"
  | "selectRight"
  | "selectUp"
  | "selectDown"
  | "nextScreen"
  | "previousScreen"
  | "nextOpen"
  | "selectAll"
  | "invert"
  | "undo"
  | "redo"
  | "nextStructure"
  | "previousStructure"
  | "peek"
  | "alike"
  | "lowerThreshold"
  | "raiseThreshold"
  | "accept"
  | "smaller"
  | "larger"
  | "escape"
  | "help";

/** Every key of the gallery, in the order in which people need them. */
export const GALLERY_KEYS: Bindings<GalleryCommand> = {
  yes: { does: "Yes, the structure is here", keys: ["1", "Y"] },
  no: { does: "No, it is not", keys: ["2", "N"] },
  unsure: { does: "Unsure", keys: ["3", "U"] },
  clear: { does: "Clear the answer", keys: ["0", "Delete", "Backspace"] },
  restNo: { does: "The rest of this screen is no", keys: ["R"] },
  leaveOut: { does: "Leave out, or ask about it again", keys: ["X"] },
  left: { does: "Patch to the left", keys: ["ArrowLeft"] },
  right: { does: "Patch to the right", keys: ["ArrowRight"] },
  up: { does: "Patch above", keys: ["ArrowUp"] },
  down: { does: "Patch below", keys: ["ArrowDown"] },
  selectLeft: { does: "Select to the left", keys: ["Shift+ArrowLeft"] },
  selectRight: { does: "Select to the right", keys: ["Shift+ArrowRight"] },
  selectUp: { does: "Select up", keys: ["Shift+ArrowUp"] },
  selectDown: { does: "Select down", keys: ["Shift+ArrowDown"] },
  selectAll: { does: "Select this screen", keys: ["Ctrl+A"] },
  invert: { does: "Invert the selection on this screen", keys: ["Ctrl+I"] },
  apply: { does: "Give the chosen answer to the selection", keys: ["Enter"] },
  nextScreen: { does: "Next screen", keys: ["PageDown"] },
  previousScreen: { does: "Previous screen", keys: ["PageUp"] },
  nextOpen: { does: "Next patch without an answer", keys: ["O"] },
  undo: { does: "Undo", keys: ["Ctrl+Z"] },
  redo: { does: "Redo", keys: ["Ctrl+Shift+Z", "Ctrl+Y"] },
  nextStructure: { does: "Next structure", keys: ["Tab"] },
  previousStructure: { does: "Previous structure", keys: ["Shift+Tab"] },
  peek: { does: "See the patch in its image", keys: ["Space"] },
  alike: { does: "Show patches that look like this one", keys: ["L"] },
  lowerThreshold: { does: "Suggest from a lower score on", keys: ["["] },
  raiseThreshold: { does: "Suggest from a higher score on", keys: ["]"] },
  accept: { does: "Accept all suggestions of this screen", keys: ["A"] },
  smaller: { does: "Smaller patches", keys: ["-"] },
  larger: { does: "Larger patches", keys: ["+", "="] },
  escape: { does: "Drop the selection; then Tab leaves the patches", keys: ["Escape"] },
  help: { does: "Keys and help", keys: ["?"] },
};
