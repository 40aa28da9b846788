import { showTour } from "../answers/tour";
import type { Keymap } from "../keys/keymap";
import { KeysDialog } from "../keys/keysDialog";
import { patchPreferences } from "../keys/preferences";
import type { Work } from "../ui/work";
import type { LabelCommand } from "./commands";
import { tourSteps } from "./tour";

const OTHERS: [string, string][] = [
  ["Paint the chosen answer", "click, tap or drag"],
  ["Take it back", "click again"],
  ["Select a rectangle", "Shift + drag"],
  ["Select up to a patch", "Shift + click"],
  ["Add a patch to the selection", "Ctrl + click"],
  ["Select what looks alike", "Alt + click"],
  ["Move the image", "Space + drag, right drag, two fingers"],
  ["Zoom", "mouse wheel, two fingers"],
];

/** The dialogs of the label screen: keys, and the tour of the first visit. */
export function labelDialogs(
  keymap: Keymap<LabelCommand>,
  work: Work,
  seen: boolean,
  back: () => void,
): { help: KeysDialog<LabelCommand>; tour: () => void } {
  let known = seen;
  const tour = (): void => {
    showTour(tourSteps(work), () => {
      back();
      if (!known) void patchPreferences({ label_tour_seen: true }).catch(() => undefined);
      known = true;
    });
  };
  const help = new KeysDialog({
    title: "Keys of the label screen",
    keymap,
    others: OTHERS,
    save: (own) => patchPreferences({ keys: own }),
    tour,
  });
  return { help, tour };
}
