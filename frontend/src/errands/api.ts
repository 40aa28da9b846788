import { ApiError, request } from "../api/client";
import { pause } from "../api/poll";

export type ErrandKind = "grid" | "grid-plan" | "empties" | "clearing" | "table" | "mask";
export type ErrandState = "queued" | "running" | "done" | "failed" | "cancelled";

/** Something that a worker was asked to do. */
export interface Errand {
  id: number;
  dataset: number;
  kind: ErrandKind;
  state: ErrandState;
  /** 0..1 */
  progress: number;
  message: string;
  error: string;
  /** Of the file that it is about, if it is about one. */
  name: string;
  params: Record<string, unknown>;
  report: Record<string, unknown>;
  can_cancel: boolean;
  can_take: boolean;
}

const one = (id: number): string => `/api/errands/${id}/`;

export const getErrand = (id: number): Promise<Errand> => request(one(id));

export const cancelErrand = (id: number): Promise<Errand> =>
  request(`${one(id)}cancel/`, { method: "POST" });

export const takeErrand = (id: number): Promise<Errand> =>
  request(`${one(id)}take/`, { method: "POST" });

export const dismissErrand = (id: number): Promise<null> => request(one(id), { method: "DELETE" });

/** What this person asked for, the oldest first. */
export async function myErrands(dataset: number, kinds: ErrandKind[]): Promise<Errand[]> {
  const query = kinds.map((kind) => `&kind=${kind}`).join("");
  const found = await request<Errand[]>(`/api/datasets/${dataset}/errands/?mine=1${query}`);
  return found.reverse();
}

/** The search for empty patches that is under way in an image, whoever asked for it. */
export async function searchIn(image: { id: number; dataset: number }): Promise<Errand | null> {
  const searches = `/api/datasets/${image.dataset}/errands/?kind=empties&active=1`;
  const found = await request<Errand[]>(searches);
  return found.find(({ params }) => (params.images as number[]).includes(image.id)) ?? null;
}

export const isActive = ({ state }: Errand): boolean => state === "queued" || state === "running";

const FIRST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 1000;

/** Watches an errand until it ends; most are over at once, so the first looks come quickly. */
export async function followErrand(
  errand: Errand,
  seen: (errand: Errand) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Errand> {
  let now = errand;
  let wait = FIRST_WAIT_MS;
  seen(now);
  while (isActive(now) && !signal.aborted) {
    await pause(wait, signal);
    wait = Math.min(wait * 1.5, LONGEST_WAIT_MS);
    now = await again(now);
    seen(now);
  }
  return now;
}

/** A moment without connection does not end the watching. */
export async function again(errand: Errand): Promise<Errand> {
  try {
    return await getErrand(errand.id);
  } catch (error) {
    if (error instanceof ApiError && error.passing) return errand;
    throw error;
  }
}
