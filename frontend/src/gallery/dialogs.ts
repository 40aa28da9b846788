import { showTour, type TourStep } from "../answers/tour";
import type { Keymap } from "../keys/keymap";
import { KeysDialog } from "../keys/keysDialog";
import { patchPreferences } from "../keys/preferences";
import type { Work } from "../ui/work";
import type { GalleryCommand } from "./commands";
import type { GalleryProps } from "./types";

const OTHERS: [string, string][] = [
  ["Give the chosen answer", "click or tap"],
  ["Yes, no", "swipe right, left"],
  ["Select", "drag, Shift + click, Ctrl + click"],
];

function steps(work: Work): TourStep[] {
  const find = (selector: string) => () => work.element.querySelector<HTMLElement>(selector);
  return [
    {
      at: find(".structure-question"),
      title: "One question",
      text: "Each patch gets one answer to this question. Examples stand below it where a manager chose some.",
    },
    {
      at: find(".brushes"),
      title: "Three answers",
      text: "Press 1 for yes, 2 for no, 3 for unsure: the frame goes on to the next patch. Or choose an answer here and click patches. Unsure is better than a guess.",
    },
    {
      at: find(".label-actions"),
      title: "Many at once",
      text: "Answer what is a yes, then press R: the rest of the screen is no. Drag over patches or hold Shift to select several. Ctrl + Z takes anything back, also after a reload.",
    },
    {
      at: find(".gallery-modes"),
      title: "Your queue",
      text: "These patches are yours for as long as you work on them: nobody else is given them. Browse shows all others, also those that are answered.",
    },
    {
      at: find(".saved"),
      title: "Nothing is lost",
      text: "Answers are saved as you give them. Without a connection they wait here and go out later. Press ? for all keys.",
    },
  ];
}

export interface Dialogs {
  help: KeysDialog<GalleryCommand>;
  tour: () => void;
}

/** The dialogs of the gallery: keys, and the tour of the first visit. */
export function dialogs(
  keymap: Keymap<GalleryCommand>,
  props: GalleryProps,
  work: Work,
  back: () => void,
): Dialogs {
  const tour = (): void => {
    showTour(steps(work), () => {
      back();
      if (!props.tour_seen) void patchPreferences({ tour_seen: true }).catch(() => undefined);
      props.tour_seen = true;
    });
  };
  const help = new KeysDialog({
    title: "Keys of the gallery",
    keymap,
    others: OTHERS,
    save: (own) => patchPreferences({ keys: own }),
    tour,
  });
  return { help, tour: () => requestAnimationFrame(tour) };
}
