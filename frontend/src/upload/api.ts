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

export const getUploads = (dataset: number): Promise<ServerUpload[]> =>
  request(uploadsUrl(dataset));

export const discardUpload = (upload: { address: string }): Promise<null> =>
  request(upload.address, { method: "DELETE" });

export const retryUpload = (upload: { address: string }): Promise<ServerUpload> =>
  request(`${upload.address}retry/`, { method: "POST" });

export const getGallery = (dataset: number): Promise<GalleryImage[]> =>
  request(`/api/datasets/${dataset}/images/`);

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
