import type { Key } from "../keys/keymap";

/** The keys that look at an image, the same on every screen that shows one. */

export type ViewCommand =
  | { do: "zoom"; by: number }
  | { do: "plane"; by: 1 | -1 }
  | { do: "time"; by: 1 | -1 }
  | { do: "fit" | "oneToOne" | "maximum" | "play" | "fullScreen" | "minimap" };

const COMMANDS: Record<string, ViewCommand> = {
  "+": { do: "zoom", by: 0.5 },
  "=": { do: "zoom", by: 0.5 },
  "-": { do: "zoom", by: -0.5 },
  f: { do: "fit" },
  x: { do: "oneToOne" },
  ".": { do: "plane", by: 1 },
  ">": { do: "plane", by: 1 },
  ",": { do: "plane", by: -1 },
  "<": { do: "plane", by: -1 },
  l: { do: "time", by: 1 },
  k: { do: "time", by: -1 },
  m: { do: "maximum" },
  p: { do: "play" },
  b: { do: "minimap" },
  v: { do: "fullScreen" },
};

/** What a key press asks of the viewer; null leaves it to the screen and the browser. */
export function viewCommand(event: Key): ViewCommand | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return COMMANDS[key] ?? null;
}

export const VIEW_KEY_HELP: [keys: string, does: string][] = [
  ["+ and −, mouse wheel", "zoom"],
  ["Space + drag, right drag", "move the image"],
  ["F, X", "fit the image to the screen; one pixel on one pixel"],
  [", and .", "previous, next plane of a stack"],
  ["M", "the maximum over all planes, and back"],
  ["K and L, P", "previous, next time point; play"],
  ["B", "hide and show the overview in the corner"],
  ["V", "full screen"],
];
