/** The shapes of the HTTP interface, as /api/schema/ describes them. */

export type Answer = "yes" | "no" | "unsure";
export type ImageState = "waiting" | "importing" | "ready" | "refused";
export type RunKind = "train" | "segment" | "threshold" | "separate" | "score" | "export";
export type RunState = "queued" | "running" | "done" | "failed" | "cancelled";
export type Role = "manager" | "annotator" | "viewer";

export interface Channel {
  name: string;
  /** "#rrggbb" or "rrggbb" */
  colour: string;
  low: number;
  high: number;
}

/** An image as lists have it. */
export interface ImageSummary {
  id: number;
  dataset: number;
  name: string;
  state: ImageState;
  error: string;
  width: number;
  height: number;
  channels: Channel[];
  is_rgb: boolean;
  dtype: string;
  /** [y, x] in µm */
  pixel_size_um: [number, number] | null;
  rows: number;
  columns: number;
  patch_size: number;
  /** Of neighbouring patches, in px. */
  overlap: number;
  thumbnail: string | null;
  store: string | null;
  /** Meaning of the file's pages, such as "TZCYX". */
  axes: string;
  /** Planes of a stack, time points of a series. */
  size_z: number;
  size_t: number;
  pixel_size_z_um: number | null;
  /** The maximum over z as a store of its own, where there is more than one plane. */
  projection: string | null;
}

export interface Image extends ImageSummary {
  /** Of the file it came from. */
  format: string;
  /** As the file says, which seldom names its time zone. */
  acquired_at: string | null;
  condition: string;
  well: string;
  replicate: string;
  /** structure id → number of my answers on this image */
  labelled: Record<string, number>;
  previous: number | null;
  next: number | null;
}

/** What of a stack is labelled, trained on and segmented. */
export interface WorkingView {
  projection: "plane" | "max";
  /** null: the middle plane of each stack. */
  plane_z: number | null;
  plane_t: number;
  /** Indices of channels; empty: all. */
  used_channels: number[];
}

/** How one channel is drawn; `colour` is "RRGGBB". */
export interface ChannelDisplay {
  name: string;
  colour: string;
  visible: boolean;
  low: number;
  high: number;
  gamma: number;
}

/** No channel: the defaults. */
export interface Display {
  channels: ChannelDisplay[];
  /** Counts a person's choices in a data set. */
  turn: number;
}

export interface Dataset extends WorkingView {
  id: number;
  project: number;
  name: string;
  description: string;
  patch_size: number;
  role: Role;
  image_count: number;
}

export interface Structure {
  id: number;
  name: string;
  question: string;
  colour: string;
  description: string;
}

export interface Label {
  row: number;
  column: number;
  structure: number;
  value: Answer;
}

export interface EpochRecord {
  stage?: string;
  epoch: number;
  train_loss: number;
  validation_loss: number | null;
  f1?: Record<string, number | null>;
}

export interface Run {
  id: number;
  dataset: number;
  kind: RunKind;
  /** As people call it, on every page. */
  name: string;
  state: RunState;
  /** 0..1 */
  progress: number;
  message: string;
  error: string;
  params: Record<string, unknown>;
  history: EpochRecord[];
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  created_by: string | null;
  model: number | null;
  download: string | null;
  can_cancel: boolean;
  can_retry: boolean;
}

export interface Readiness {
  ready: boolean;
  missing: string[];
  structures: {
    id: number;
    name: string;
    colour: string;
    yes: number;
    no: number;
    images: number;
  }[];
}

export interface TrainOptions {
  structures?: number[];
  epochs?: number;
  downscale?: number;
  method?: string;
  name?: string;
  /** The model to fine-tune. */
  start?: number;
  /** How many models are averaged. */
  members?: number;
  /** Whether it learns from turned and mirrored patches too. */
  turned?: boolean;
}

export interface StructureRef {
  id: number;
  name: string;
  colour: string;
}

export interface ModelVersion {
  id: number;
  dataset: number;
  number: number;
  name: string;
  structures: StructureRef[];
  created_at: string;
  run: number | null;
  segmented_images: number;
}

export type SeparationMethod = "automatic" | "none" | "distance" | "h-maxima";

/** What counts as an object: a size (px or µm) of null is taken from the mask, a smallest area (px or µm²) of null is 16 px. */
export interface Separation {
  method: SeparationMethod;
  size: number | null;
  unit: "px" | "um";
  smallest: number | null;
}

/** The thresholds (0..1) that a map suggests. */
export interface Thresholds {
  fixed: number;
  otsu: number;
  triangle: number;
  percentile: number;
}

/** Null where neither the result nor the reference holds anything. */
export interface ReferenceScore {
  pixel_f1: number | null;
  iou: number | null;
  object_f1: number | null;
  /** Objects found less objects of the reference. */
  count_error: number;
}

export interface Segmentation {
  id: number;
  image: number;
  model: number;
  model_name: string;
  structure: StructureRef;
  /** 0..1 */
  threshold: number;
  default_threshold: number;
  /** Who counts without saying so counts from here on. */
  default_smallest_px: number;
  separation: Separation;
  object_count: number;
  area_fraction: number;
  area_um2: number | null;
  against_reference: ReferenceScore | null;
  map: string;
  patches: string;
  objects: string;
}

export interface PatchScores {
  rows: number;
  columns: number;
  patch_size: number;
  overlap: number;
  /** From this score on, a patch is a yes. */
  decision: number;
  present: boolean;
  scores: (number | null)[][];
}

export type ObjectValue = number | string | boolean | null;

export interface ObjectTable {
  columns: string[];
  rows: ObjectValue[][];
}
