import { request, requestPicture } from "../api/client";
import { untilAnswered } from "../api/patience";
import { tellLast } from "../viewer/lastDisplay";
import { type Place, placeKey } from "./place";

/** How patches look to this person: part of a picture's address, for the browser's cache. */
export async function getLook(dataset: number): Promise<{ look: string }> {
  // What the page before has said of it may not have arrived yet.
  await tellLast(dataset).catch(() => undefined);
  return request(`/api/datasets/${dataset}/look/`);
}

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

/** The picture at an address, asked for until it comes or nobody waits any more. */
export function bringPicture(
  url: string,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<Blob> {
  return untilAnswered(() => requestPicture(url, signal), signal, failed);
}
