import { request } from "../api/client";
import type { Batch } from "./queue";

export const postAnswers = (dataset: number, batch: Batch, keepalive: boolean): Promise<unknown> =>
  request(`/api/datasets/${dataset}/answers/`, { method: "POST", body: batch, keepalive });

export interface Preferences {
  keys?: Record<string, string>;
  tour_seen?: boolean;
  label_tour_seen?: boolean;
}

export const patchPreferences = (changed: Preferences): Promise<Preferences> =>
  request("/api/me/preferences/", { method: "PATCH", body: changed, keepalive: true });
