import type { Layer } from "@deck.gl/core";
import type { PatchScores } from "../api/types";
import { HEAT, rgb } from "../viewer/colours";
import { Grid } from "../viewer/grid";
import { cellLayer, cellPixels, type Rgba } from "../viewer/layers/cellImage";
import type { Box } from "../viewer/layers/grid";
import { GridLines, outline } from "../viewer/layers/grid";
import { mapLayer } from "../viewer/layers/map";
import { openPyramid, type Pyramid } from "../viewer/tiles/source";
import type { Frame } from "../viewer/viewer";
import { drawn, type Look, type Result } from "./state";

function heat(value: number, alpha: number): Rgba {
  const place = Math.max(0, Math.min(1, value)) * (HEAT.length - 1);
  const [r, g, b] = HEAT[Math.round(place)] ?? [0, 0, 0];
  return [r, g, b, alpha];
}

/** The grid that the scores were made on; that of the data set may be another one by now. */
export function scoreGrid(size: { width: number; height: number }, scores: PatchScores): Grid {
  return new Grid(size.height, size.width, scores.patch_size, scores.overlap);
}

function scoreImage(grid: Grid, { scores }: PatchScores, alpha: number): ImageData {
  return cellPixels(grid, (index) => {
    const { row, column } = grid.cell(index);
    const score = scores[row]?.[column];
    return score == null ? null : heat(score, alpha);
  });
}

/** What lies over the image on the result screen: maps, patch scores, the chosen object. */
export class Overlays {
  readonly #size: { width: number; height: number };
  readonly #pyramids = new Map<string, Pyramid>();
  readonly #opening = new Map<string, Promise<void>>();
  readonly #renew: () => void;
  #scores: { of: Result; alpha: number; grid: Grid; lines: GridLines; image: ImageData } | null =
    null;
  object: Box | null = null;

  constructor(size: { width: number; height: number }, renew: () => void) {
    this.#size = size;
    this.#renew = renew;
  }

  /** Opens a map once; it appears as soon as it is there. */
  open(url: string): Promise<void> {
    const opening = this.#opening.get(url) ?? this.#load(url);
    this.#opening.set(url, opening);
    return opening;
  }

  async #load(url: string): Promise<void> {
    this.#pyramids.set(url, await openPyramid(url));
    this.#renew();
  }

  build(frame: Frame, results: readonly Result[], chosen: number, look: Look): Layer[] {
    const maps = drawn(results, chosen, look.mode).flatMap((result) => this.#map(result, look));
    return [...maps, ...this.#patchScores(frame, results, chosen, look), ...this.#marker()];
  }

  #map(result: Result, look: Look): Layer[] {
    const pyramid = this.#pyramids.get(result.segmentation.map);
    if (!pyramid) return [];
    const { id, structure } = result.segmentation;
    const { mode, opacity } = look;
    const style = { mode, opacity, threshold: result.threshold, colour: rgb(structure.colour) };
    return [mapLayer(`map-${id}`, pyramid, style)];
  }

  #patchScores(frame: Frame, results: readonly Result[], chosen: number, look: Look): Layer[] {
    const result = results.find(({ segmentation }) => segmentation.id === chosen);
    if (!look.scores || !result?.scores) return [];
    const alpha = Math.round(look.opacity * 255);
    if (this.#scores?.of !== result || this.#scores.alpha !== alpha) {
      const grid = scoreGrid(this.#size, result.scores);
      const image = scoreImage(grid, result.scores, alpha);
      this.#scores = { of: result, alpha, grid, lines: new GridLines(grid), image };
    }
    const { grid, lines, image } = this.#scores;
    return [cellLayer("scores", grid, image), ...lines.layers(frame.view)];
  }

  #marker(): Layer[] {
    return this.object ? outline("object", [this.object], 2) : [];
  }
}
