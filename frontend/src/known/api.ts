import { type Place, placeOf } from "../answers/place";
import { request } from "../api/client";
import type { Answer } from "../api/types";
import type { ModelPatch, Use } from "./types";

const url = (dataset: number): string => `/api/datasets/${dataset}/model-patches/`;

export const getModelPatches = (dataset: number): Promise<ModelPatch[]> => request(url(dataset));

export function keepModelPatch(
  dataset: number,
  structure: number,
  place: Place,
  known: { use: Use; value: Answer },
): Promise<ModelPatch> {
  return request(url(dataset), {
    method: "POST",
    body: { structure, ...placeOf(place), ...known },
  });
}

export const dropModelPatch = (id: number): Promise<unknown> =>
  request(`/api/model-patches/${id}/`, { method: "DELETE" });
