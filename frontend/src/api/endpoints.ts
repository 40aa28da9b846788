import { request } from "./client";
import type {
  Dataset,
  Display,
  Image,
  ImageSummary,
  Label,
  ModelVersion,
  ObjectTable,
  PatchScores,
  Readiness,
  Run,
  Segmentation,
  Separation,
  Structure,
  Thresholds,
  TrainOptions,
} from "./types";

const API = "/api";

export const getImage = (id: number, signal?: AbortSignal): Promise<Image> =>
  request(`${API}/images/${id}/`, signal ? { signal } : {});

export const getMe = (): Promise<{ id: number }> => request(`${API}/me/`);

export const getImages = (dataset: number): Promise<ImageSummary[]> =>
  request(`${API}/datasets/${dataset}/images/`);

export const deleteImage = (id: number): Promise<null> =>
  request(`${API}/images/${id}/`, { method: "DELETE" });

export const getDataset = (id: number): Promise<Dataset> => request(`${API}/datasets/${id}/`);

export const getDisplay = (dataset: number): Promise<Display> =>
  request(`${API}/datasets/${dataset}/display/`);

/** The answer: what is kept, where another page has chosen later. */
export const putDisplay = (dataset: number, body: Display, keepalive: boolean): Promise<Display> =>
  request(`${API}/datasets/${dataset}/display/`, { method: "PUT", body, keepalive });

export const getStructures = (project: number): Promise<Structure[]> =>
  request(`${API}/projects/${project}/structures/`);

export const getLabels = (image: number, structure: number): Promise<Label[]> =>
  request(`${API}/images/${image}/labels/?structure=${structure}`);

export const getReadiness = (dataset: number): Promise<Readiness> =>
  request(`${API}/datasets/${dataset}/train/`);

export const startTraining = (dataset: number, options: TrainOptions): Promise<Run> =>
  request(`${API}/datasets/${dataset}/train/`, { method: "POST", body: options });

export const startSegmenting = (dataset: number, model: number, images?: number[]): Promise<Run> =>
  request(`${API}/datasets/${dataset}/segment/`, {
    method: "POST",
    body: images ? { model, images } : { model },
  });

export const startExport = (dataset: number, model: number): Promise<Run> =>
  request(`${API}/datasets/${dataset}/export/`, { method: "POST", body: { model } });

export const getRuns = (dataset: number): Promise<Run[]> =>
  request(`${API}/datasets/${dataset}/runs/`);

export const getRun = (id: number): Promise<Run> => request(`${API}/runs/${id}/`);

export const cancelRun = (id: number): Promise<Run> =>
  request(`${API}/runs/${id}/cancel/`, { method: "POST" });

export const retryRun = (id: number): Promise<Run> =>
  request(`${API}/runs/${id}/retry/`, { method: "POST" });

export const getModels = (dataset: number): Promise<ModelVersion[]> =>
  request(`${API}/datasets/${dataset}/models/`);

export const getSegmentations = (image: number, model: number | null): Promise<Segmentation[]> =>
  request(`${API}/images/${image}/segmentations/${model === null ? "" : `?model=${model}`}`);

export const getPatchScores = (url: string): Promise<PatchScores> => request(url);

export const getObjects = (url: string): Promise<ObjectTable> => request(url);

export const getThresholds = (segmentation: number): Promise<Thresholds> =>
  request(`${API}/segmentations/${segmentation}/thresholds/`);

export const applySeparation = (
  model: number,
  structure: number,
  separation: Separation,
): Promise<Run> =>
  request(`${API}/models/${model}/structures/${structure}/separation/`, {
    method: "POST",
    body: separation,
  });

export const applyThreshold = (segmentation: number, threshold: number): Promise<Run> =>
  request(`${API}/segmentations/${segmentation}/threshold/`, {
    method: "POST",
    body: { threshold },
  });
