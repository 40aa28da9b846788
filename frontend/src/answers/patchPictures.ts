import { request } from "../api/client";
import { type Place, placeKey } from "./place";

/** How patches look to this person: part of a picture's address, for the browser's cache. */
export const getLook = (dataset: number): Promise<{ look: string }> =>
  request(`/api/datasets/${dataset}/look/`);

/** Patches side by side as one picture, ten in a row. */
export function atlasUrl(
  dataset: number,
  places: readonly Place[],
  size: number,
  look: string,
): string {
  const cells = places.map(placeKey).join(",");
  return `/api/datasets/${dataset}/atlas/?cells=${cells}&size=${size}&look=${look}`;
}
