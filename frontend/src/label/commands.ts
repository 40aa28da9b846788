import type { Bindings } from "../keys/keymap";
import {
  ANSWER_KEYS,
  MOVE_KEYS,
  type SharedCommand,
  THRESHOLD_KEYS,
  WORK_KEYS,
} from "../keys/sharedKeys";
import type { ViewCommand } from "../viewer/keys";

/** What several screens know has one name, so that a key that a person chose holds on all of them. */
export type LabelCommand =
  | SharedCommand
  | "restNo"
  | "selectAll"
  | "invert"
  | "apply"
  | "alike"
  | "label:lessAlike"
  | "peek"
  | "accept"
  | "leaveOut"
  | "label:hide"
  | "label:nextImage"
  | "label:previousImage"
  | keyof typeof VIEW_COMMANDS
  | "escape"
  | "help";

export const VIEW_COMMANDS = {
  "label:zoomIn": { do: "zoom", by: 0.5 },
  "label:zoomOut": { do: "zoom", by: -0.5 },
  "label:fit": { do: "fit" },
  "label:oneToOne": { do: "oneToOne" },
  "label:planeBefore": { do: "plane", by: -1 },
  "label:planeAfter": { do: "plane", by: 1 },
  "label:maximum": { do: "maximum" },
  "label:timeBefore": { do: "time", by: -1 },
  "label:timeAfter": { do: "time", by: 1 },
  "label:play": { do: "play" },
  "label:minimap": { do: "minimap" },
  "label:fullScreen": { do: "fullScreen" },
} as const satisfies Record<string, ViewCommand>;

/** Every key of the label screen, in the order in which people need them. */
export const LABEL_KEYS: Bindings<LabelCommand> = {
  ...ANSWER_KEYS,
  restNo: { does: "The rest of what is in sight is no", keys: ["R"] },
  ...MOVE_KEYS,
  selectAll: { does: "Select what is in sight", keys: ["Ctrl+A"] },
  invert: { does: "Invert the selection in sight", keys: ["Ctrl+I"] },
  apply: { does: "Give the chosen answer to the selection", keys: ["Enter"] },
  alike: { does: "Select what looks alike around; again: more", keys: ["G"] },
  "label:lessAlike": { does: "Less of what looks alike", keys: ["S"] },
  ...WORK_KEYS,
  peek: { does: "The patch close up in its surroundings, and back", keys: ["Space"] },
  ...THRESHOLD_KEYS,
  accept: { does: "Accept all suggestions in sight", keys: ["A"] },
  leaveOut: { does: "Leave the selection out, or ask about it again", keys: ["D"] },
  "label:hide": { does: "Hide and show the answers", keys: ["H"] },
  "label:nextImage": { does: "Next image", keys: ["PageDown"] },
  "label:previousImage": { does: "Previous image", keys: ["PageUp"] },
  "label:zoomIn": { does: "Zoom in", keys: ["+", "="] },
  "label:zoomOut": { does: "Zoom out", keys: ["-"] },
  "label:fit": { does: "Fit the image to the screen", keys: ["F"] },
  "label:oneToOne": { does: "One pixel on one pixel", keys: ["X"] },
  "label:planeBefore": { does: "Previous plane of a stack", keys: [",", "<"] },
  "label:planeAfter": { does: "Next plane of a stack", keys: [".", ">"] },
  "label:maximum": { does: "The maximum over all planes, and back", keys: ["M"] },
  "label:timeBefore": { does: "Previous time point", keys: ["K"] },
  "label:timeAfter": { does: "Next time point", keys: ["L"] },
  "label:play": { does: "Play the time points", keys: ["P"] },
  "label:minimap": { does: "Hide and show the overview", keys: ["B"] },
  "label:fullScreen": { does: "Full screen", keys: ["V"] },
  escape: { does: "Drop the selection; then Tab leaves the image", keys: ["Escape"] },
  help: { does: "Keys and help", keys: ["?"] },
};
