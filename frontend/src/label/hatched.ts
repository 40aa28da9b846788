import type { Layer } from "@deck.gl/core";
import { LineLayer } from "@deck.gl/layers";
import { h } from "../ui/dom";
import type { Stroke } from "./hatch";

/** Light lines on dark ones, to be seen on any image. */
export function strokeLayers(name: string, strokes: Stroke[]): Layer[] {
  const line = (id: string, width: number, color: [number, number, number, number]) =>
    new LineLayer<Stroke>({
      id: `${name}-${id}`,
      data: strokes,
      getSourcePosition: ({ from }) => from,
      getTargetPosition: ({ to }) => to,
      getColor: color,
      getWidth: width,
      widthUnits: "pixels",
    });
  return [line("dark", 2.5, [0, 0, 0, 60]), line("light", 1, [255, 255, 255, 110])];
}

export function actionButton(click: () => void, text = ""): HTMLButtonElement {
  return h("button", {
    class: "btn btn-sm btn-outline-secondary",
    text,
    attrs: { type: "button" },
    on: { click },
  });
}
