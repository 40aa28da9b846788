import { csrfToken, errorSentence, parseBody, request } from "../api/client";
import type { ImageSummary } from "../api/types";

export type PageAxis = "Z" | "T" | "C";

export interface Details {
  name: string;
  condition: string;
  well: string;
  replicate: string;
}

/** An image as the gallery needs it. */
export interface GalleryImage extends ImageSummary, Details {
  format: string;
  can_be_tried_again: boolean;
  /** 0..1 of the import, null when none is under way */
  progress: number | null;
  page_axis: PageAxis | "";
  /** What the pages could be, where the file does not say. */
  ambiguous: PageAxis[];
  /** 0..1 of its patches that have an answer of mine */
  share: number;
}

export type Facet = "condition" | "well" | "replicate";

/** A page of the images, and what there is besides. */
export interface Overview {
  images: GalleryImage[];
  /** Images that are meant, on all pages. */
  found: number;
  states: Record<GalleryImage["state"], number>;
  details: Record<Facet, string[]>;
  patches: number;
  first_ready: number | null;
  /** Numbers of pages of the files that do not say what theirs are. */
  pages: number[];
}

export type UploadState = "receiving" | "received" | "refused";

/** A file on its way, as the server has it. */
export interface ServerUpload {
  key: string;
  name: string;
  byte_count: number;
  received: number;
  state: UploadState;
  error: string;
  can_be_tried_again: boolean;
  address: string;
}

export const uploadsUrl = (dataset: number): string => `/api/datasets/${dataset}/uploads/`;

/** My files on their way: how many, and the first of them. */
export interface Arriving {
  counts: Record<UploadState, number>;
  uploads: ServerUpload[];
}

const arrivingUrl = (dataset: number): string => `/api/datasets/${dataset}/arriving/`;

export const getArriving = (dataset: number): Promise<Arriving> => request(arrivingUrl(dataset));

export const dismissRefused = (dataset: number): Promise<unknown> =>
  request(arrivingUrl(dataset), { method: "DELETE" });

export interface Plan {
  /** Places of the files that need not be sent. */
  here: number[];
  /** Why the others have no room together; empty where they have. */
  refusal: string;
}

export const planUploads = (
  dataset: number,
  files: readonly [name: string, size: number, modified: number][],
): Promise<Plan> => request(`${uploadsUrl(dataset)}plan/`, { method: "POST", body: { files } });

export const discardUpload = (upload: { address: string }): Promise<null> =>
  request(upload.address, { method: "DELETE" });

export const retryUpload = (upload: { address: string }): Promise<ServerUpload> =>
  request(`${upload.address}retry/`, { method: "POST" });

export const getOverview = (dataset: number, asked: URLSearchParams): Promise<Overview> =>
  request(`/api/datasets/${dataset}/overview/?${asked}`);

/** A folder of the server; `path` is empty for the list of those that one may begin with. */
export interface Folder {
  path: string;
  above: string | null;
  folders: string[];
  files: number;
}

const folderUrl = (dataset: number): string => `/api/datasets/${dataset}/folder/`;

export const getFolder = (dataset: number, path: string): Promise<Folder> =>
  request(`${folderUrl(dataset)}?${new URLSearchParams({ path })}`);

export const importFolder = (
  dataset: number,
  chosen: { path: string; recursive: boolean; table: string },
): Promise<{ files: number; problems: string[] }> =>
  request(folderUrl(dataset), { method: "POST", body: chosen });

export const retryImport = (image: number): Promise<GalleryImage> =>
  request(`/api/images/${image}/retry/`, { method: "POST" });

export const sayAxes = (image: number, meaning: PageAxis): Promise<GalleryImage> =>
  request(`/api/images/${image}/axes/`, { method: "POST", body: { meaning } });

export const sayAxesOfAll = (dataset: number, meaning: PageAxis): Promise<unknown> =>
  request(`/api/datasets/${dataset}/axes/`, { method: "POST", body: { meaning } });

export const changeDetails = (image: number, details: Partial<Details>): Promise<unknown> =>
  request(`/api/images/${image}/`, { method: "PATCH", body: details });

export interface TableReport {
  changed: number;
  problems: string[];
}

/** Sends a table of conditions, wells and replicates. */
export async function postTable(dataset: number, table: File): Promise<TableReport> {
  const form = new FormData();
  form.append("table", table, table.name);
  const response = await fetch(`/api/datasets/${dataset}/details/`, {
    method: "POST",
    body: form,
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    credentials: "same-origin",
  });
  const body = parseBody(await response.text());
  if (!response.ok) throw new Error(errorSentence(response.status, body));
  return body as TableReport;
}
