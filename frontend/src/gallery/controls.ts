import { answerColours } from "../answers/palette";
import type { Structure } from "../api/types";
import type { Keymap } from "../keys/keymap";
import type { GalleryCommand } from "./commands";
import type { Desk } from "./desk";
import { Filters } from "./filters";
import type { Hands } from "./hands";
import { GalleryPanel } from "./panel";
import { keepScreen } from "./screenSize";
import type { Showing } from "./showing";
import { type Filter, firstFilter, type GalleryProps } from "./types";

/** Which patches are shown, and how many at once. */
export function filtersOf(
  props: GalleryProps,
  desk: Desk,
  begin: (filter: Filter) => void,
): Filters {
  return new Filters(filterOf(props), props.images, props.scores, desk.stage.perScreen, {
    changed: begin,
    perScreen: (count) => {
      desk.stage.perScreen = count;
      keepScreen(count);
      desk.changed();
    },
  });
}

/** An address may name an image to begin with. */
function filterOf({ images }: GalleryProps): Filter {
  const asked = new URLSearchParams(location.search).get("image");
  const image = images.find(({ id }) => String(id) === asked)?.id ?? null;
  return { ...firstFilter(), image };
}

export interface PanelSetting {
  props: GalleryProps;
  structures: Structure[];
  keymap: Keymap<GalleryCommand>;
  desk: Desk;
}

/** Which structure and which answer, by the mouse. */
export function panelOf(
  { props, structures, keymap, desk }: PanelSetting,
  hands: Hands,
  showing: Showing,
): GalleryPanel {
  const actions = {
    choose: (structure: number) => void showing.choose(structure),
    brush: (answer: Desk["brush"]) => {
      desk.brush = answer;
      desk.stage.grid.focus({ preventScroll: true });
      desk.changed();
    },
    restNo: () => hands.restNo(),
    leaveOut: () => void hands.leaveOut(),
    undo: () => void hands.undo(),
    redo: () => void hands.redo(),
  };
  const key = (answer: Desk["brush"]) => keymap.keys(answer ?? "clear")[0] ?? "";
  return new GalleryPanel(props.dataset, structures, actions, answerColours(), key);
}
