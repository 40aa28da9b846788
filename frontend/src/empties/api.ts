import { request } from "../api/client";
import type { ImageSummary } from "../api/types";
import type { Errand } from "../errands/api";

export interface EmptiesOf {
  image: ImageSummary;
  /** null: nobody has looked yet */
  empty: number | null;
  /** Of these, asked about and not answered yet. */
  open: number | null;
}

/** A page of the images, with how many there are, and in how many somebody has looked. */
export interface Overview {
  images: EmptiesOf[];
  found: number;
  looked: number;
}

const all = (dataset: number): string => `/api/datasets/${dataset}/empty/`;

export function getEmpties(
  dataset: number,
  structure: number,
  offset: number,
  limit: number,
): Promise<Overview> {
  return request(`${all(dataset)}?structure=${structure}&offset=${offset}&limit=${limit}`);
}

export const findEmpties = (dataset: number): Promise<Errand> =>
  request(all(dataset), { method: "POST" });

/** Answers them with no about the structure, or leaves them out where there is none. */
export const clearEmpties = (
  dataset: number,
  structure: number | null,
  passedOver: number[],
): Promise<Errand> =>
  request(`${all(dataset)}clear/`, {
    method: "POST",
    body: { structure, passed_over: passedOver },
  });

export const undoErrand = (errand: number): Promise<Errand> =>
  request(`/api/errands/${errand}/undo/`, { method: "POST" });

export async function emptyCells(image: number): Promise<[row: number, column: number][]> {
  const found = await request<{ cells: [number, number][] }>(`/api/images/${image}/empty/`);
  return found.cells;
}

/** What is under way in a data set about its empty patches, by this person or another. */
export async function underWay(dataset: number): Promise<Errand | null> {
  const query = "kind=empties&kind=clearing&active=1";
  const found = await request<Errand[]>(`/api/datasets/${dataset}/errands/?${query}`);
  return found.find(({ params }) => (params.images as number[]).length > 0) ?? null;
}

/** What this person had answered or left out here, the newest first. */
export const clearings = (dataset: number): Promise<Errand[]> =>
  request(`/api/datasets/${dataset}/errands/?kind=clearing&mine=1`);
