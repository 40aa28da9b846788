import { h, iconButton } from "../../ui/dom";
import type { ViewCommand } from "../keys";

const KIND = "btn btn-sm btn-dark";

const TOOLS: [icon: string, label: string, command: ViewCommand][] = [
  ["plus-lg", "Zoom in (+)", { do: "zoom", by: 0.5 }],
  ["dash-lg", "Zoom out (−)", { do: "zoom", by: -0.5 }],
  ["aspect-ratio", "Fit the image (F)", { do: "fit" }],
  ["1-square", "One pixel on one pixel (X)", { do: "oneToOne" }],
  ["arrows-fullscreen", "Full screen (V)", { do: "fullScreen" }],
];

/** Buttons over the canvas; further buttons of a screen come after them. */
export function toolbar(run: (command: ViewCommand) => void, more: HTMLElement[]): HTMLElement {
  const tools = TOOLS.filter(
    ([, , command]) => command.do !== "fullScreen" || document.fullscreenEnabled,
  );
  return h(
    "div",
    { class: "viewer-tools", attrs: { role: "group", "aria-label": "View" } },
    ...tools.map(([icon, label, command]) => iconButton(icon, label, () => run(command), KIND)),
    ...more,
  );
}
