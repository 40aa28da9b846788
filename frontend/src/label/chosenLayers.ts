import type { Layer } from "@deck.gl/core";
import type { Grid } from "../viewer/grid";
import { cellLayer, cellPixels, type Rgba } from "../viewer/layers/cellImage";
import { border, type Stroke } from "./hatch";
import { strokeLayers } from "./hatched";

const VEIL: Rgba = [255, 255, 255, 60];

/** A selection that is no rectangle: a veil over its patches and a line around them. */
export class ChosenLayers {
  #kept: { chosen: ReadonlySet<number>; veil: ImageData; border: Stroke[] } | null = null;

  layers(grid: Grid, chosen: ReadonlySet<number>): Layer[] {
    if (this.#kept?.chosen !== chosen) {
      const veil = cellPixels(grid, (index) => (chosen.has(index) ? VEIL : null));
      this.#kept = { chosen, veil, border: border(grid, chosen) };
    }
    return [
      cellLayer("chosen", grid, this.#kept.veil),
      ...strokeLayers("chosen", this.#kept.border, 2),
    ];
  }
}
