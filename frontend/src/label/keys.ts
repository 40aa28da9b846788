import type { Answer } from "../api/types";
import { type Key, VIEW_KEY_HELP, type ViewCommand, viewCommand } from "../viewer/keys";

export type { Key } from "../viewer/keys";

export type Command =
  | ViewCommand
  | { do: "answer"; answer: Answer | null }
  | { do: "move"; down: number; right: number; extend: boolean }
  | {
      do: "undo" | "redo" | "nextStructure" | "previousStructure" | "help" | "hide" | "nextOpen";
    }
  | { do: "image"; step: 1 | -1 }
  | { do: "escape" };

const ANSWERS: Record<string, Answer | null> = {
  "1": "yes",
  "2": "no",
  "3": "unsure",
  "0": null,
  y: "yes",
  n: "no",
  u: "unsure",
  Delete: null,
  Backspace: null,
};

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const PLAIN: Record<string, Command> = {
  "?": { do: "help" },
  h: { do: "hide" },
  Enter: { do: "nextOpen" },
  Escape: { do: "escape" },
  "]": { do: "image", step: 1 },
  "[": { do: "image", step: -1 },
  PageDown: { do: "image", step: 1 },
  PageUp: { do: "image", step: -1 },
};

function withControl(key: string, shift: boolean): Command | null {
  if (key === "z") return { do: shift ? "redo" : "undo" };
  if (key === "y") return { do: "redo" };
  return null;
}

/** What a key press on the label screen asks for; null leaves it to the browser. */
export function command(event: Key): Command | null {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return withControl(key, event.shiftKey);
  if (key === "Tab") return { do: event.shiftKey ? "previousStructure" : "nextStructure" };
  const arrow = ARROWS[key];
  if (arrow) return { do: "move", down: arrow[0], right: arrow[1], extend: event.shiftKey };
  const answer = ANSWERS[key];
  if (answer !== undefined) return { do: "answer", answer };
  return PLAIN[key] ?? viewCommand(event);
}

/** For the help overlay: every key and what it does, in the order people need them. */
export const KEY_HELP: [keys: string, does: string][] = [
  ["1 or Y", "yes, the structure is here"],
  ["2 or N", "no, it is not"],
  ["3 or U", "unsure"],
  ["0 or Delete", "clear the answer"],
  ["Arrows", "move to the next patch"],
  ["Shift + arrows", "select several patches, then answer once"],
  ["Enter", "jump to the next patch without an answer"],
  ["Click or drag", "paint the chosen answer"],
  ["Shift + click", "select up to that patch"],
  ["Ctrl + Z, Ctrl + Shift + Z", "undo, redo"],
  ["Tab, Shift + Tab", "next, previous structure (while the image has the focus)"],
  ...VIEW_KEY_HELP,
  ["H", "hide and show the answers"],
  ["[ and ]", "previous, next image"],
  ["Esc", "drop the selection; then Tab leaves the image"],
  ["?", "this help"],
];
