import { h, iconButton, setText } from "../ui/dom";
import type { Viewer } from "./viewer";

const KIND = "btn btn-sm btn-dark";

/** Zoom buttons over the canvas; further buttons of a screen come after them. */
export function zoomButtons(viewer: Viewer, ...more: HTMLElement[]): HTMLElement {
  return h(
    "div",
    { class: "viewer-tools", attrs: { role: "group", "aria-label": "View" } },
    iconButton("plus-lg", "Zoom in (+)", () => viewer.zoomBy(0.5), KIND),
    iconButton("dash-lg", "Zoom out (−)", () => viewer.zoomBy(-0.5), KIND),
    iconButton("arrows-fullscreen", "Fit the image (F)", () => viewer.fit(), KIND),
    ...more,
  );
}

/** The position under the pointer, in px and, where the pixel size is known, in µm. */
export class Readout {
  readonly element = h("div", { class: "viewer-readout", attrs: { "aria-hidden": "true" } });

  show(at: [number, number] | null, viewer: Viewer, more = ""): void {
    const { width, height, pixel_size_um: size } = viewer.image;
    const inside = at && at[0] >= 0 && at[1] >= 0 && at[0] < width && at[1] < height;
    this.element.hidden = !inside;
    if (!inside) return;
    const pixels = `x ${Math.floor(at[0])}, y ${Math.floor(at[1])} px`;
    const um = size ? ` · ${(at[0] * size[1]).toFixed(1)}, ${(at[1] * size[0]).toFixed(1)} µm` : "";
    setText(this.element, `${pixels}${um}${more && ` · ${more}`}`);
  }
}
