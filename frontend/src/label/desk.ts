import { iconButton } from "../ui/dom";
import type { Work } from "../ui/work";
import { Desk } from "../viewer/desk";
import { type PaintEvents, strokeOn } from "./painter";
import type { LabelData } from "./panelState";
import type { Parts } from "./parts";

export interface LabelDesk {
  desk: Desk;
  hide: HTMLButtonElement;
}

/** The viewer of the label screen with everything that is drawn over the image. */
export async function openDesk(
  work: Work,
  data: LabelData,
  parts: Parts,
  toggleHidden: () => void,
  events: PaintEvents,
): Promise<LabelDesk> {
  const { labelling, layers } = parts;
  const hide = iconButton("eye", "Hide the answers (H)", toggleHidden, "btn btn-sm btn-dark");
  const desk: Desk = await Desk.open({
    work,
    image: data.image,
    dataset: data.dataset,
    about: "The answers",
    tools: [hide],
    events: {
      overlays: (frame) => [
        ...parts.empties.layers(),
        ...parts.leftOut.layers(),
        ...layers.build(frame),
        ...(layers.hidden ? [] : parts.hintLayers.build(frame)),
        ...parts.badges.layers(parts.sentBackHere()),
      ],
      hover: (at) => {
        const cell = at && labelling.grid.at(...at);
        layers.pointer = cell;
        desk?.readout.show(at, cell ? `patch ${cell.row + 1}, ${cell.column + 1}` : "");
        desk?.viewer.invalidate();
      },
      stroke: () => (data.readOnly ? null : strokeOn(labelling, events)),
    },
  });
  return { desk, hide };
}
