import { request } from "../api/client";

export interface Preferences {
  keys?: Record<string, string>;
  tour_seen?: boolean;
  label_tour_seen?: boolean;
}

export const patchPreferences = (changed: Preferences): Promise<Preferences> =>
  request("/api/me/preferences/", { method: "PATCH", body: changed, keepalive: true });
