import { placeKey } from "../answers/place";
import { request } from "../api/client";
import type { PatchOutput } from "./source";
import type { Filter } from "./types";

export interface PatchPage {
  patches: PatchOutput[];
  next: string | null;
  total: number;
  describing: number;
}

export function patchesUrl(
  dataset: number,
  structure: number,
  filter: Filter,
  cursor: string,
  limit: number,
): string {
  const { state, image, condition, least, most, order, seed, like } = filter;
  const given: Record<string, string | number | null> = {
    structure,
    state,
    image,
    condition,
    order,
    seed,
    cursor,
    limit,
    min: least,
    max: most,
    like: like && placeKey(like),
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== null && value !== "") query.set(name, String(value));
  }
  return `/api/datasets/${dataset}/patches/?${query}`;
}

export const getPage = (url: string, signal: AbortSignal): Promise<PatchPage> =>
  request(url, { signal });

/** A word that changes with what a model expects. */
export const getScores = (dataset: number, structure: number): Promise<{ version: string }> =>
  request(`/api/datasets/${dataset}/scores/?structure=${structure}`);
