import type { PatchScores, Segmentation } from "../api/types";
import type { MapMode } from "../viewer/mapExtension";

/** How the results are looked at; nothing in here needs the server. */
export interface Look {
  mode: MapMode;
  /** 0..1 */
  opacity: number;
  scores: boolean;
}

/** One structure's result and what the person does with it. */
export interface Result {
  segmentation: Segmentation;
  visible: boolean;
  /** The threshold that is drawn; it differs from the segmentation's own until it is applied. */
  threshold: number;
  scores: PatchScores | null;
}

export function firstResults(segmentations: readonly Segmentation[]): Result[] {
  return segmentations.map((segmentation) => ({
    segmentation,
    visible: true,
    threshold: segmentation.threshold,
    scores: null,
  }));
}

/** Maps and thresholds are steps of 1/255: closer than half a step is the same mask. */
export function changed(result: Result): boolean {
  return Math.abs(result.threshold - result.segmentation.threshold) > 0.5 / 255;
}

/** Heat maps share one colour scale, so only the chosen structure's is drawn; masks all are. */
export function drawn(results: readonly Result[], chosen: number, mode: MapMode): Result[] {
  const visible = results.filter((result) => result.visible);
  if (mode !== "heat") return visible;
  return visible.filter((result) => result.segmentation.id === chosen);
}
