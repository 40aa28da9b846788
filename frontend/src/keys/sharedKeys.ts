/** Keys that mean the same on every screen where people answer, whatever lies between them there. */

/** The four answers. */
export const ANSWER_KEYS = {
  yes: { does: "Yes, the structure is here", keys: ["1", "Y"] },
  no: { does: "No, it is not", keys: ["2", "N"] },
  unsure: { does: "Unsure", keys: ["3", "U"] },
  clear: { does: "Clear the answer", keys: ["0", "Delete", "Backspace"] },
};

/** From patch to patch, and selecting on the way. */
export const MOVE_KEYS = {
  left: { does: "Patch to the left", keys: ["ArrowLeft"] },
  right: { does: "Patch to the right", keys: ["ArrowRight"] },
  up: { does: "Patch above", keys: ["ArrowUp"] },
  down: { does: "Patch below", keys: ["ArrowDown"] },
  selectLeft: { does: "Select to the left", keys: ["Shift+ArrowLeft"] },
  selectRight: { does: "Select to the right", keys: ["Shift+ArrowRight"] },
  selectUp: { does: "Select up", keys: ["Shift+ArrowUp"] },
  selectDown: { does: "Select down", keys: ["Shift+ArrowDown"] },
};

/** What follows an answer. */
export const WORK_KEYS = {
  nextOpen: { does: "Next patch without an answer", keys: ["O"] },
  undo: { does: "Undo", keys: ["Ctrl+Z"] },
  redo: { does: "Redo", keys: ["Ctrl+Shift+Z", "Ctrl+Y"] },
  nextStructure: { does: "Next structure", keys: ["Tab"] },
  previousStructure: { does: "Previous structure", keys: ["Shift+Tab"] },
};

/** From which score on the model suggests. */
export const THRESHOLD_KEYS = {
  lowerThreshold: { does: "Suggest from a lower score on", keys: ["["] },
  raiseThreshold: { does: "Suggest from a higher score on", keys: ["]"] },
};

export type SharedCommand =
  | keyof typeof ANSWER_KEYS
  | keyof typeof MOVE_KEYS
  | keyof typeof WORK_KEYS
  | keyof typeof THRESHOLD_KEYS;
