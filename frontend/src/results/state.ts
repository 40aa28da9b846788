import type {
  Dataset,
  Image,
  ModelVersion,
  PatchScores,
  Segmentation,
  Separation,
  SeparationMethod,
  Thresholds,
} from "../api/types";
import type { MapMode } from "../viewer/layers/mapExtension";

/** Whose results are shown, and to whom. */
export interface ResultData {
  image: Image;
  dataset: Dataset;
  models: ModelVersion[];
  model: ModelVersion | null;
  mayChange: boolean;
}

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
  /** What its map suggests; asked for once. */
  suggested: Thresholds | null;
}

export function firstResults(segmentations: readonly Segmentation[]): Result[] {
  return segmentations.map((segmentation) => ({
    segmentation,
    visible: true,
    threshold: segmentation.threshold,
    scores: null,
    suggested: null,
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

const SIZED: readonly SeparationMethod[] = ["distance", "h-maxima"];

/** Whether a length belongs to this way of telling objects apart. */
export function sized(method: SeparationMethod): boolean {
  return SIZED.includes(method);
}

/** What a form says, as the server wants it: an empty or senseless length is taken from the mask. */
export function separationOf(
  method: SeparationMethod,
  form: { size: string; smallest: string; unit: Separation["unit"] },
): Separation {
  const length = Number(form.size);
  const size = sized(method) && Number.isFinite(length) && length > 0 ? length : null;
  // An area that makes no sense is for the server to refuse: without one, specks would count.
  const smallest = form.smallest.trim() === "" ? null : Number(form.smallest);
  return { method, size, unit: size === null && smallest === null ? "px" : form.unit, smallest };
}

export function sameSeparation(a: Separation, b: Separation): boolean {
  const unitless = a.size === null && a.smallest === null;
  return (
    a.method === b.method &&
    a.size === b.size &&
    a.smallest === b.smallest &&
    (unitless || a.unit === b.unit)
  );
}
