import type { Layer } from "@deck.gl/core";
import { LineLayer } from "@deck.gl/layers";
import type { Stroke } from "./hatch";

/** Light lines on dark ones, to be seen on any image; `width` of the light ones, screen px. */
export function strokeLayers(name: string, strokes: Stroke[], width = 1): Layer[] {
  const line = (id: string, thick: number, color: [number, number, number, number]) =>
    new LineLayer<Stroke>({
      id: `${name}-${id}`,
      data: strokes,
      getSourcePosition: ({ from }) => from,
      getTargetPosition: ({ to }) => to,
      getColor: color,
      getWidth: thick,
      widthUnits: "pixels",
    });
  const strong = width > 1 ? 2 : 1;
  return [
    line("dark", width + 1.5, [0, 0, 0, 60 * strong]),
    line("light", width, [255, 255, 255, 110 * strong]),
  ];
}
